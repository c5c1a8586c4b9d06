import { beforeAll, describe, expect, it } from "vitest";
import { expectDone, type TestAccount, testAccount } from "../testing/actors.ts";
import { type TestChain, testBytes } from "../testing/chain.ts";
import { refusalOf } from "../testing/refusal-table.ts";
import type { Message } from "../tx/transaction.ts";
import { Scope } from "./accounts/schema.ts";
import { allowMessage, emergencyMessage, forbidMessage, reviewMessage } from "./emergency/testing/scene.ts";
import { ledgerVersions } from "./index.ts";
import { mayFetch } from "./vault/index.ts";
import {
  foundVaultTown,
  grantMessage,
  HOUR_MS,
  releaseOf,
  requestMessage,
  sealedObject,
  sealMessage,
  type VaultTown,
} from "./vault/testing/scene.ts";

const { enum: scopes } = Scope as unknown as { readonly enum: readonly string[] };
const GRANT = testBytes("grant");

let town: VaultTown;
let chain: TestChain;
let releaseId: string;
const object = () => sealedObject(town.patient, "object");

/** A delegate of the patient's for each scope, with that one alone, and another with all others. */
const only = new Map(scopes.map((scope) => [scope, testAccount(`only ${scope}`)]));
const allBut = new Map(scopes.map((scope) => [scope, testAccount(`all but ${scope}`)]));

beforeAll(async () => {
  town = await foundVaultTown({ version: ledgerVersions.at(-1)! });
  chain = town.chain;
  const { patient, clinician } = town;
  const delegate = (to: TestAccount, given: readonly string[]): Message => {
    const terms = { scopes: given, until: chain.now + 2 * HOUR_MS, ground: "chosen" };
    return { type: "accounts.delegate", value: { owner: patient.account, delegate: to.account, ...terms } };
  };
  for (const scope of scopes) {
    const [one, other] = [only.get(scope)!, allBut.get(scope)!];
    await expectDone(chain.run([one, other], one.create, other.create));
    const others = scopes.filter((another) => another !== scope);
    await expectDone(chain.run(patient, delegate(one, [scope]), delegate(other, others)));
  }
  const grant = grantMessage(chain, patient, GRANT, { grantee: { kind: "person", account: clinician.account } });
  await expectDone(chain.run(patient, sealMessage(object()), grant, allowMessage(patient)));
  const used = await expectDone(chain.run(clinician, emergencyMessage(chain, clinician, { objectIds: [object().objectId], nonce: "use" })));
  releaseId = releaseOf(chain, used).releaseId;
});

const grantee = () => ({ grantee: { kind: "person", account: town.nurse.account } });
const acts: readonly (readonly [scope: string, refusal: string, act: () => Message])[] = [
  ["vault.grant", "vault/NotOwner", () => grantMessage(chain, town.patient, testBytes("another"), grantee())],
  ["vault.grant", "emergency/NotOwner", () => allowMessage(town.patient)],
  ["vault.revoke", "vault/NotOwner", () => ({ type: "vault.revoke", value: { grantId: GRANT } })],
  ["vault.revoke", "emergency/NotOwner", () => forbidMessage(town.patient)],
  ["vault.erase", "vault/NotOwner", () => ({ type: "vault.erase", value: { objectIds: [object().objectId] } })],
  ["log.read", "emergency/NotReviewer", () => reviewMessage(releaseId)],
  [
    "records.add",
    "records/NotAuthor",
    () => ({ type: "records.add", value: { documents: [{ object: sealedObject(town.patient, "new"), relation: { kind: "none" } }] } }),
  ],
];

describe("a delegate acts within the own scopes alone", () => {
  it.each(acts)("%s, or %s", (scope, refusal, act) => {
    const present = (delegates: ReadonlyMap<string, TestAccount>) => refusalOf(chain, [delegates.get(scope)!], [act()]);
    expect([present(only), present(allBut)]).toEqual([undefined, refusal]);
  });

  it("records.read, or a request that is refused and blobs that are not handed out", async () => {
    const found = [only, allBut].map((delegates) => delegates.get("records.read")!);
    const outcomes = [];
    for (const reader of found) {
      expect(mayFetch(chain.ledger.read(), reader.account, object().objectId)).toBe(reader === found[0]);
      const asked = requestMessage(chain, reader, { objectIds: [object().objectId], nonce: reader.account });
      outcomes.push(releaseOf(chain, await expectDone(chain.run(reader, asked))).release.outcome);
    }
    expect(outcomes).toEqual([
      { kind: "released", under: "delegation" },
      { kind: "refused", reason: "NoGrant" },
    ]);
  });

  it("every scope is tried", () => expect(new Set([...acts.map(([scope]) => scope), "records.read"])).toEqual(new Set(scopes)));
});
