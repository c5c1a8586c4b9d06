import { createHash } from "node:crypto";
import { IssueCredential } from "@galen/ledger/modules/credentials/schema";
import { codecOf } from "@galen/ledger/schema/codec";
import { expect, it } from "vitest";
import { type Certified, writeCertificate } from "./certificate.ts";

const doctor: Certified = {
  holder: { account: "11".repeat(32), name: "Dr. 王 Sample" },
  issuer: { account: "22".repeat(32), name: "Board" },
  credentialType: "practitioner-licence",
  scope: "CH",
  validFrom: 1_790_000_000_000,
  validUntil: 1_890_000_000_000,
};

it("puts on the ledger what the message's schema takes, with the hash of the file", async () => {
  const { file, statement } = await writeCertificate(doctor);
  expect(codecOf(IssueCredential).decode(codecOf(IssueCredential).encode(statement))).toEqual(statement);
  expect(statement.claimsHash).toBe(createHash("sha256").update(file, "utf8").digest("hex"));
  expect(JSON.parse(file)).toMatchObject({ ...doctor, credentialId: statement.credentialId });
});

it("tells the ledger no name, and gives equal certificates unequal hashes", async () => {
  const [one, another] = await Promise.all([writeCertificate(doctor), writeCertificate(doctor)]);
  expect(JSON.stringify(one.statement)).not.toMatch(/Sample|Board/);
  expect(one.statement.claimsHash).not.toBe(another.statement.claimsHash);
  expect(one.statement.credentialId).not.toBe(another.statement.credentialId);
});
