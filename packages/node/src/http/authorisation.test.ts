import { Refusal } from "@galen/ledger/app/refusal";
import { portableCrypto as crypto } from "@galen/ledger/crypto/portable";
import { expectDone, foundTown, type TestAccount, testAccount } from "@galen/ledger/testing/actors";
import { signWith, testKey } from "@galen/ledger/testing/chain";
import { requestBytes, type SignedRequest } from "@galen/ledger/tx/request-authorisation";
import { beforeEach, describe, expect, it } from "vitest";
import { ed25519Key } from "../keys/ed25519-key.ts";
import { createAuthoriser } from "./authorisation.ts";

const NOW = 1_800_000_000_000;
const { chain, patient, clinician } = await foundTown();
const couple = testAccount("couple", { keys: [testKey("one"), testKey("other")], threshold: 2 });
await expectDone(chain.run(couple, couple.create));

const request: SignedRequest = {
  chainId: chain.ledger.chainId,
  method: "POST",
  path: "/v1/custody/shares",
  body: Uint8Array.of(1),
  at: NOW,
  nonce: "0f".repeat(16),
};

/** A header in the name of `who`, signed by its first key. */
function headerOf(who: TestAccount, changes: Partial<SignedRequest> = {}, [key] = who.keys): string {
  const asked = { ...request, ...changes };
  const { signature } = signWith(key!, requestBytes(asked, crypto.sha256));
  return `Galen account="${who.account}", key="${key!.publicKey}", at="${asked.at}", nonce="${asked.nonce}", signature="${signature}"`;
}

describe("a request", () => {
  let authoriser: ReturnType<typeof createAuthoriser>;
  beforeEach(() => {
    authoriser = createAuthoriser({ ledger: chain.ledger, crypto, now: () => NOW, validator: ed25519Key(new Uint8Array(32)) });
  });

  /** Who asked, or the reason for which nobody is believed to have. */
  function whoAsks(header: string | undefined): unknown {
    try {
      return authoriser.verify(authoriser.recogniseAccount(header), request);
    } catch (error) {
      if (error instanceof Refusal) return error.details.reason;
      throw error;
    }
  }

  it.each([
    ["of its sender", headerOf(patient), patient.account],
    ["a minute old", headerOf(patient, { at: NOW - 60_000 }), patient.account],
    ["from a minute ahead", headerOf(patient, { at: NOW + 60_000 }), patient.account],
    ["older than a minute", headerOf(patient, { at: NOW - 60_001 }), "clock"],
    ["from more than a minute ahead", headerOf(patient, { at: NOW + 60_001 }), "clock"],
    ["signed by another's key", headerOf(patient, {}, clinician.keys), "key"],
    ["of an account that nobody has", headerOf(testAccount("nobody")), "key"],
    ["signed by one of two who decide together", headerOf(couple), "key"],
    ["of another method", headerOf(patient, { method: "GET" }), "signature"],
    ["of another path", headerOf(patient, { path: "/v1/custody/shares?all" }), "signature"],
    ["of another body", headerOf(patient, { body: Uint8Array.of(2) }), "signature"],
    ["in another network", headerOf(patient, { chainId: "elsewhere" }), "signature"],
    ["with another time than it was signed with", headerOf(patient).replace(`${NOW}`, `${NOW + 1}`), "signature"],
    ["with another nonce than it was signed with", headerOf(patient).replace(request.nonce, "f0".repeat(16)), "signature"],
    ["that is not signed", undefined, "no authorisation"],
    ["with more behind the signature", `${headerOf(patient)} `, "no authorisation"],
  ])("%s", (_, header, who) => {
    expect(whoAsks(header)).toBe(who);
  });

  it("counts once for each account and nonce", () => {
    const other = headerOf(patient, { nonce: "f0".repeat(16) });
    const answers = [headerOf(patient), headerOf(patient), other, headerOf(clinician)].map(whoAsks);
    expect(answers).toEqual([patient.account, "replayed", patient.account, clinician.account]);
  });

  it("whose signature is wrong uses up nothing", () => {
    const forged = headerOf(patient).replace(/signature="[0-9a-f]{128}"/, `signature="${"0".repeat(128)}"`);
    expect([whoAsks(forged), whoAsks(headerOf(patient)), whoAsks(headerOf(patient))]).toEqual(["signature", patient.account, "replayed"]);
  });
});
