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

export interface RewrapOptions {
  /** The owner with the keys that the recovery gave. */
  readonly as: Pick<OwnAccount, "account" | "signers">;
  readonly objectIds: readonly string[];
  /** Nodes whose custodians are asked; default: those that the client's node knows. */
  readonly custodians?: readonly Client[];
}

/**
 * After a recovery: seals the data keys of one's own objects to the account's present record key, so that `readOwn` opens them again. The custodians help,
 * and the log says so; the ciphertexts stay as they are. Rejects with GalenError, and with SealError where a checked blob does not open.
 */
export async function rewrapOwn(client: Client, { as, objectIds, custodians }: RewrapOptions): Promise<void> {
  const known = await knownObjects(client, objectIds);
  const nodes = custodians ?? (await custodianNodes(client));
  for (let at = 0; at < known.length; at += MAX_OBJECTS)
    await rewrapPart(client, known.slice(at, at + MAX_OBJECTS), { as, custodians: nodes });
}

async function rewrapPart(
  client: Client,
  known: readonly KnownObject[],
  { as, custodians }: Pick<RewrapOptions, "as"> & { readonly custodians: readonly Client[] },
): Promise<void> {
  const keySet = await releaseKeySet(client);
  const ownerRecordKey = requireHexBytes(await recordKeyOf(client, as.account), 32);
  const [entry] = await logRequests(client, [known], { as, asking: vaultRequest({ purpose: "PATRQT" }) });
  const { released } = await collectRelease(client, entry!, { as, keySet, custodians });
  const parts = await fetchParts(client, { as, known, parts: ["collectiveCapsule"] });
  const blobs = await Promise.all(
    known.map((object, index) => {
      const { collectiveCapsule } = parts[index]!;
      return rewrapForOwner({ ...ownershipOf(client, object), collectiveCapsule, released: released[index]!, ownerRecordKey });
    }),
  );
  const { addresses, receipts } = await storeBlobs(client, { as, blobs });
  const objects = known.map(({ objectId }, index) => ({ objectId, ownerCapsule: addresses[index]! }));
  await submit(client, { actors: [as], messages: [{ type: "vault.rewrap", value: { objects } }], receipts });
}
