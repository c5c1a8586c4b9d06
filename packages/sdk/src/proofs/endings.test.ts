import { delegations, members } from "@galen/ledger/modules/accounts/state";
import { credentials } from "@galen/ledger/modules/credentials/state";
import { grants, objects, releases } from "@galen/ledger/modules/vault/state";
import { codecOf } from "@galen/ledger/schema/codec";
import { arbitraryOf } from "@galen/ledger/testing/arbitrary-of-schema";
import { testBytes } from "@galen/ledger/testing/chain";
import fc from "fast-check";
import type { TSchema } from "typebox";
import { expect, it } from "vitest";
import { type Ending, endingsIn } from "./endings.ts";
import type { StateProof } from "./state-proof.ts";
import { provenChain } from "./testing/proven-chain.ts";

const NOW = 1_000;
const id = testBytes("subject");

interface Kept {
  readonly prefix: string;
  readonly schema: TSchema;
}

/** The proof of a record with these fields, and any others that its schema allows. */
function proofOf({ prefix, schema }: Kept, fields: object): StateProof {
  const [record] = fc.sample(arbitraryOf(schema, {}), { seed: 1, numRuns: 1 });
  const given = Object.entries({ ...(record as object), ...fields }).filter(([, value]) => value !== undefined);
  const value = codecOf(schema).encode(Object.fromEntries(given));
  return { kind: "state", key: `${prefix}/${id}`, value } as StateProof;
}

const open = { from: 0, until: NOW + 1, revokedAt: undefined, readsLeft: undefined };
const licence = { validFrom: 0, validUntil: NOW + 1, changes: [] };
const change = (to: string, from: number) => ({ to, from, recordedAt: from });
const refusal = { kind: "refused", reason: "NoGrant" };

it.each<[string, Kept, object, Omit<Ending, "id"> | undefined]>([
  ["content on file", objects, { erasedAt: undefined }, undefined],
  ["erased content", objects, { erasedAt: 5 }, { how: "erased", at: 5 }],
  ["a reading", releases, { outcome: { kind: "released", under: "grant" }, at: 5 }, undefined],
  ["a reading that was refused", releases, { outcome: refusal, at: 5 }, { how: "refused", at: 5 }],
  ["an open grant", grants, open, undefined],
  ["a revoked grant", grants, { ...open, until: 7, revokedAt: 5 }, { how: "revoked", at: 5 }],
  ["a grant in its last moment", grants, { ...open, until: NOW }, { how: "expired", at: NOW }],
  ["a grant before its first", grants, { ...open, from: NOW + 1, until: NOW + 2 }, { how: "not-yet", at: NOW + 1 }],
  ["a grant without readings left", grants, { ...open, readsLeft: 0 }, { how: "used-up" }],
  ["a grant with one left", grants, { ...open, readsLeft: 1 }, undefined],
  ["a valid licence", credentials, licence, undefined],
  ["a licence that has ended", credentials, { ...licence, validUntil: NOW }, { how: "expired", at: NOW }],
  ["a licence that is to come", credentials, { ...licence, validFrom: NOW + 1, validUntil: NOW + 2 }, { how: "not-yet", at: NOW + 1 }],
  ["a suspended licence", credentials, { ...licence, changes: [change("suspended", 5)] }, { how: "suspended", at: 5 }],
  ["one that will be suspended", credentials, { ...licence, changes: [change("suspended", NOW + 1)] }, undefined],
  ["a reinstated one", credentials, { ...licence, changes: [change("suspended", 5), change("reinstated", 6)] }, undefined],
  ["a revoked one", credentials, { ...licence, changes: [change("suspended", 5), change("revoked", 6)] }, { how: "revoked", at: 6 }],
  ["a member for good", members, { until: undefined }, undefined],
  ["a former member", members, { until: NOW }, { how: "expired", at: NOW }],
  ["a delegation", delegations, { until: NOW + 1 }, undefined],
  ["a former delegation", delegations, { until: 5 }, { how: "expired", at: 5 }],
])("tells what is over: %s", (_, kept, fields, over) => {
  expect(endingsIn([proofOf(kept, fields)], NOW)).toEqual(over ? [{ id, ...over }] : []);
});

it("tells of a transaction that the ledger refused", async () => {
  const { executed, refused, absent } = await provenChain();
  expect(endingsIn([executed, refused, absent], NOW)).toEqual([{ id: refused.txHash, how: "refused" }]);
});
