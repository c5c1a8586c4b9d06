import { expectDone, foundTown, type TestAccount, type TestTown, testAccount } from "@galen/ledger/testing/actors";
import { outsideBytes } from "@galen/ledger/testing/outside-data";
import { accountKeys } from "@galen/sdk/keys/account-keys";
import { appointingMessages, type CardSigner, cardSigner, fetchCardSigner } from "@galen/sdk/organisations/card-signer";
import { provingClient } from "@galen/sdk/proofs/testing/proving-client";
import { beforeAll, describe, expect, it } from "vitest";
import type { JsonObject } from "../fhir/json-value.ts";
import { parseCards } from "./card-code.ts";
import { createIssuerKey } from "./es256-key.ts";
import { HealthCardError } from "./health-card-error.ts";
import { issueHealthCard } from "./issue-card.ts";
import { checkHealthCard, issuerAddress, issuerSecretKey, parseIssuerAddress } from "./ledger-issuer.ts";

const bundle: JsonObject = { resourceType: "Bundle", type: "collection", entry: [{ resource: { resourceType: "Patient" } }] };

let town: TestTown;
let signer: CardSigner;
let place: { readonly organisation: string; readonly signer: string };

beforeAll(async () => {
  town = await foundTown();
  signer = cardSigner(accountKeys(new Uint8Array(64).fill(7), 0));
  place = { organisation: town.hospital.account, signer: signer.account };
  await appoint(town.hospital, signer);
});

async function appoint(house: TestAccount, { account, secretKey, creation, ...rest }: CardSigner): Promise<void> {
  const known = await fetchCardSigner(provingClient(town.chain), { organisation: house.account, signer: account });
  const actor = { account, keys: [{ keyType: "p256" as const, secretKey, publicKey: creation.value.keys[0]!.publicKey }] };
  await expectDone(town.chain.run([house, actor], ...appointingMessages(house.account, { account, secretKey, creation, ...rest }, known)));
}

interface Change {
  readonly issuer?: string;
  readonly validUntil?: number;
  readonly now?: number;
}

async function issue(change: Change = {}, key = issuerSecretKey(signer)): Promise<string> {
  const now = town.chain.now - 60_000;
  return issueHealthCard({ bundle, issuer: issuerAddress("galen.example", place), key: await key, now, ...change });
}

/** How a check ends. */
async function outcome(jws: string): Promise<string> {
  try {
    return `of ${(await checkHealthCard(provingClient(town.chain), jws)).organisation}`;
  } catch (error) {
    if (error instanceof HealthCardError) return error.code;
    throw error;
  }
}

describe("an issuer's address", () => {
  it("leads to the accounts of house and signer", () => {
    expect(parseIssuerAddress(issuerAddress("galen.example", place))).toEqual(place);
  });

  it.each([
    ["an issuer elsewhere", "https://spec.smarthealth.cards/examples/issuer"],
    ["no transport that is checked", `http://a/v1/card-issuers/${"a".repeat(64)}/${"b".repeat(64)}`],
    ["a slash at the end", `https://a/v1/card-issuers/${"a".repeat(64)}/${"b".repeat(64)}/`],
    ["something before", `https://a/x/v1/card-issuers/${"a".repeat(64)}/${"b".repeat(64)}`],
    ["no ids", "https://a/v1/card-issuers/../.."],
    ["nothing", ""],
  ])("is none of the ledger's: %s", (_, address) => {
    expect(parseIssuerAddress(address)).toBeUndefined();
  });
});

describe("a card of a house on the ledger", () => {
  it("holds, as the word of that house", async () => {
    expect(await outcome(await issue())).toBe(`of ${town.hospital.account}`);
  });

  it("is refused when it was altered, signed by another key, or is over", async () => {
    const [head, body, mac] = (await issue()).split(".") as [string, string, string];
    const other = mac.startsWith("A") ? "B" : "A";
    expect(await outcome(`${head}.${body}.${other}${mac.slice(1)}`)).toBe("Forged");
    expect(await outcome(await issue({}, createIssuerKey()))).toBe("UnknownKey");
    const posing = { ...(await createIssuerKey()), kid: (await issuerSecretKey(signer)).kid };
    expect(await outcome(await issue({}, Promise.resolve(posing)))).toBe("Forged");
    expect(await outcome(await issue({ validUntil: town.chain.now - 1 }))).toBe("Expired");
    expect(await outcome(await issue({ now: town.chain.now + 3_600_000 }))).toBe("NotYet");
  });

  it("is of nobody when the house is no member, or the account signs no cards", async () => {
    const stranger = testAccount("stranger").account;
    const from = (organisation: string, account: string) => issue({ issuer: issuerAddress("a", { organisation, signer: account }) });
    expect(await outcome(await from(town.board.account, signer.account))).toBe("UnknownIssuer");
    expect(await outcome(await from(town.hospital.account, stranger))).toBe("UnknownIssuer");
    expect(await outcome(await from(town.hospital.account, town.clinician.account))).toBe("UnknownIssuer");
    expect(await outcome(await issue({ issuer: "https://hospital.example/cards" }))).toBe("UnknownIssuer");
  });

  it("counts no longer when the house has ended the signer", async () => {
    const jws = await issue();
    const member = { organisation: town.hospital.account, member: signer.account };
    await expectDone(town.chain.run(town.hospital, { type: "accounts.removeMember", value: member }));
    expect(await outcome(jws)).toBe("UnknownKey");
    await appoint(town.hospital, signer);
    expect(await outcome(jws)).toBe(`of ${town.hospital.account}`);
  });
});

const FOLDER = "credentials/smart-health-cards";
const example = outsideBytes(`${FOLDER}/signed/Scenario1Bundle-file.smart-health-card`);

describe.runIf(example)("the specification's cards", () => {
  it.each([
    ["signed/Scenario1Bundle-file.smart-health-card", "UnknownIssuer"],
    ["testdata/test-example-00-d-jws-invalid-signature.txt", "UnknownIssuer"],
    ["testdata/test-example-00-d-jws-no_deflate.txt", "NotCompressed"],
    ["testdata/test-example-00-d-jws-utf8_bom_prefix.txt", "BadContent"],
  ])("%s: %s", async (path, expected) => {
    const [jws] = parseCards(new TextDecoder().decode(outsideBytes(`${FOLDER}/${path}`)));
    expect(await outcome(jws!)).toBe(expected);
  });
});
