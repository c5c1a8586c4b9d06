import { requireHexBytes } from "@galen/ledger/crypto/hex";
import { MAX_OBJECTS } from "@galen/ledger/modules/vault/schema";
import type { Client } from "../client/client.ts";
import { storeBlobs } from "../client/store-blobs.ts";
import { rewrapForOwner } from "../seal/seal-object.ts";
import type { OwnAccount } from "../transactions/own-account.ts";
import { submit } from "../transactions/submit.ts";
import { releaseKeySet } from "./key-set.ts";
import { release } from "./read-granted.ts";
import { recordKeyOf } from "./record-key.ts";
import { fetchParts, type KnownObject, knownObjects, ownershipOf } from "./sealed-object.ts";

export interface RewrapOptions {
  /** The owner with the keys that the recovery gave. */
  readonly as: Pick<OwnAccount, "account" | "signers">;
  readonly objectIds: readonly string[];
  /** Nodes that keep the new capsules, and nodes whose custodians are asked; default: the client's own. */
  readonly storageNodes?: readonly Client[];
  readonly custodians?: readonly Client[];
}

/**
 * After a recovery: seals the data keys of one's own objects to the account's present record key, so that `readOwn` opens them again. The custodians help,
 * and the log says so; the ciphertexts stay as they are. Rejects with GalenError, and with SealError where a checked blob does not open.
 */
export async function rewrapOwn(client: Client, { as, objectIds, ...nodes }: RewrapOptions): Promise<void> {
  const known = await knownObjects(client, objectIds);
  for (let at = 0; at < known.length; at += MAX_OBJECTS) await rewrapPart(client, known.slice(at, at + MAX_OBJECTS), { as, ...nodes });
}

async function rewrapPart(
  client: Client,
  known: readonly KnownObject[],
  { as, storageNodes = [client], custodians = [client] }: Omit<RewrapOptions, "objectIds">,
): Promise<void> {
  const keySet = await releaseKeySet(client);
  const ownerRecordKey = requireHexBytes(await recordKeyOf(client, as.account), 32);
  const { released } = await release(client, known, keySet, { as, purpose: "PATRQT", custodians });
  const parts = await fetchParts(client, { as, known, parts: ["collectiveCapsule"] });
  const blobs = await Promise.all(
    known.map((object, index) => {
      const { collectiveCapsule } = parts[index]!;
      return rewrapForOwner({ ...ownershipOf(client, object), collectiveCapsule, released: released[index]!, ownerRecordKey });
    }),
  );
  const stored = await Promise.all(storageNodes.map((node) => storeBlobs(node, { as, blobs })));
  const objects = known.map(({ objectId }, index) => ({ objectId, ownerCapsule: stored[0]!.addresses[index]! }));
  const receipts = stored.map(({ receipt }) => receipt);
  await submit(client, { actors: [as], messages: [{ type: "vault.rewrap", value: { objects } }], receipts });
}
