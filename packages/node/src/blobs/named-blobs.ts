import type { ReadContext } from "@galen/ledger/app/context";
import { blobs as belongings, objects } from "@galen/ledger/modules/vault/state";
import type { KeyValueStore } from "@galen/ledger/store/kv";
import { valueKey } from "@galen/ledger/store/state-head";

/** Whether the ledger names a blob now: not one that is erased, nor a capsule that another has replaced. Only such blobs are kept and handed on. */
export function isNamed(ctx: Pick<ReadContext, "state">, address: string): boolean {
  const belonging = belongings.get(ctx, address);
  const object = belonging && objects.get(ctx, belonging.objectId);
  if (!object || object.erasedAt !== undefined) return false;
  return object.ciphertext === address || object.ownerCapsule === address || object.collectiveCapsule === address;
}

/** Whether the ledger has named a blob and does so no longer. One that it does not know yet may be named by a block that is still to come. */
export function isErased(ctx: Pick<ReadContext, "state">, address: string): boolean {
  return belongings.has(ctx, address) && !isNamed(ctx, address);
}

/** Addresses that the ledger has ever named, in their order, after `after`; at most `limit`. `kv` is the store of the ledger. */
export async function addressesAfter(kv: Pick<KeyValueStore, "range">, after: string, limit: number): Promise<string[]> {
  const prefix = `${belongings.prefix}/`;
  const addresses: string[] = [];
  const range = { gte: valueKey(`${prefix}${after}!`), lt: valueKey(`${belongings.prefix}0`), limit };
  for await (const [key] of kv.range(range)) addresses.push(String.fromCharCode(...key.subarray(1 + prefix.length)));
  return addresses;
}
