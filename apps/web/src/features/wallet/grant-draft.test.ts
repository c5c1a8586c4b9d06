import { GrantMessage } from "@galen/ledger/modules/vault/schema";
import { codecOf } from "@galen/ledger/schema/codec";
import { expect, it } from "vitest";
import { type Circle, circles, emptyDraft, granteeOf, grantMessage } from "./grant-draft.ts";

const [account, owner] = ["11".repeat(32), "22".repeat(32)];

it.each<readonly [Circle, boolean, object]>([
  ["everybody", true, { kind: "organisation", account }],
  ["nurse", true, { kind: "role", organisation: account, role: "nurse" }],
  ["clinician", true, { kind: "role", organisation: account, role: "clinician" }],
  ["clinician", false, { kind: "person", account }],
  ["everybody", false, { kind: "person", account }],
])("names %s where an organisation is %s", (circle, isOrganisation, grantee) => {
  expect(granteeOf({ account, circle, isOrganisation })).toEqual(grantee);
});

it.each(circles)("is a message that the ledger reads, for %s", (circle) => {
  const labels = ["aa".repeat(32), "bb".repeat(32)];
  const draft = { ...emptyDraft(""), isLicensedOnly: true };
  const { type, value } = grantMessage(draft, { grantee: granteeOf({ account, circle, isOrganisation: true }), owner, labels, now: 1 });
  expect(type).toBe("vault.grant");
  expect(codecOf(GrantMessage).decode(codecOf(GrantMessage).encode(value as never))).toMatchObject({
    owner,
    covers: { kind: "compartments", labels },
    credentialType: "practitioner-licence",
  });
});

it("asks for no licence and opens everything where that was chosen", () => {
  const draft = { ...emptyDraft(""), what: "everything" as const };
  const { value } = grantMessage(draft, { grantee: { kind: "person", account }, owner, labels: [], now: 1 });
  expect(value).toMatchObject({ covers: { kind: "everything" } });
  expect(value).not.toHaveProperty("credentialType");
});
