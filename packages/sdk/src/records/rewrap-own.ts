import { requireHexBytes } from "@galen/ledger/crypto/hex";
import { MAX_OBJECTS } from "@galen/ledger/modules/vault/schema";
import type { Client } from "../client/client.ts";
import { custodianNodes } from "../client/custodian-nodes.ts";
import { storeBlobs } from "../client/store-blobs.ts";
import { rewrapForOwner } from "../seal/seal-object.ts";
import type { OwnAccount } from "../transactions/own-account.ts";
import { submit } from "../transactions/submit.ts";
import { releaseKeySet } from "./key-set.ts";
import { recordKeyOf } from "./record-key.ts";
import { collectRelease, logRequests, vaultRequest } from "./release-objects.ts";
import { fetchParts, type KnownObject, knownObjects, ownershipOf } from "./sealed-object.ts";
import { type OnUnreadable, unlessUnreadable } from "./unreadable.ts";

export interface RewrapOptions {
  /** The owner with the keys that the recovery gave. */
  readonly as: Pick<OwnAccount, "account" | "signers">;
  readonly objectIds: readonly string[];
  /** Nodes whose custodians are asked; default: those that the client's node knows. */
  readonly custodians?: readonly Client[];
  /** Hears of those that do not open, which then stay as they are. */
  readonly onUnreadable?: OnUnreadable;
}

/**
 * After a recovery: seals the data keys of one's own objects to the account's present record key, so that `readOwn` opens them again. The custodians help,
 * and the log says so; the ciphertexts stay as they are. Rejects with GalenError, and with SealError where a checked blob does not open, unless `onUnreadable` hears of it.
 */
export async function rewrapOwn(client: Client, { as, objectIds, custodians, onUnreadable }: RewrapOptions): Promise<void> {
  const known = await knownObjects(client, objectIds);
  const nodes = custodians ?? (await custodianNodes(client));
  for (let at = 0; at < known.length; at += MAX_OBJECTS)
    await rewrapPart(client, known.slice(at, at + MAX_OBJECTS), { as, custodians: nodes, onUnreadable });
}

async function rewrapPart(
  client: Client,
  known: readonly KnownObject[],
  {
    as,
    custodians,
    onUnreadable,
  }: Pick<RewrapOptions, "as"> & { readonly custodians: readonly Client[]; readonly onUnreadable: OnUnreadable | undefined },
): Promise<void> {
  const [keySet, recordKey] = await Promise.all([releaseKeySet(client), recordKeyOf(client, as.account)]);
  const ownerRecordKey = requireHexBytes(recordKey, 32);
  const [entry] = await logRequests(client, [known], { as, asking: vaultRequest({ purpose: "PATRQT" }) });
  const { released } = await collectRelease(client, entry!, { as, keySet, custodians });
  const keys = new Map(known.map(({ objectId }, index) => [objectId, released[index]!]));
  const fetched = await fetchParts(client, { as, known, parts: ["collectiveCapsule"], onUnreadable });
  const wrapping = fetched.map(({ object, blobs }) =>
    unlessUnreadable(object, onUnreadable, async () => {
      const facts = { ...ownershipOf(client, object), ...blobs, released: keys.get(object.objectId)!, ownerRecordKey };
      return { objectId: object.objectId, capsule: await rewrapForOwner(facts) };
    }),
  );
  const wrapped = (await Promise.all(wrapping)).filter((one) => one !== undefined);
  if (wrapped.length === 0) return;
  const { addresses, receipts } = await storeBlobs(client, { as, blobs: wrapped.map(({ capsule }) => capsule) });
  const objects = wrapped.map(({ objectId }, index) => ({ objectId, ownerCapsule: addresses[index]! }));
  await submit(client, { actors: [as], messages: [{ type: "vault.rewrap", value: { objects } }], receipts });
}
