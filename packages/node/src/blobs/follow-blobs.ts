import type { BlockRecord } from "@galen/engines/chain/block-record";
import type { Engine } from "@galen/engines/engine";
import type { LedgerEvent } from "@galen/ledger/app/events";
import { blobsOf } from "@galen/ledger/app/execute";
import type { Ledger } from "@galen/ledger/app/ledger";
import type { KeyValueStore } from "@galen/ledger/store/kv";
import { decodeEnvelope } from "@galen/ledger/tx/transaction";
import { type Follower, followBlocks } from "../follow-blocks.ts";
import type { BlobStore } from "./blob-store.ts";
import type { BlobHealer } from "./heal-blobs.ts";

const CURSOR_KEY = Buffer.from("height", "latin1");

/** So many blocks are looked at again at the next start, at most; to keep the height of each would cost a write to the disk. */
const CURSOR_BLOCKS = 1_000;

interface BlobFollowing {
  readonly engine: Engine;
  readonly ledger: Ledger;
  readonly blobs: BlobStore;
  readonly healer: Pick<BlobHealer, "want">;
  readonly kv: KeyValueStore;
  readonly report: (error: unknown) => void;
}

/**
 * Keeps the blob store in step with the ledger: what a committed transaction names stays or is fetched, what is erased or replaced goes. `kv` is the blob
 * store's own; it also holds a height up to which that is done.
 */
export function followBlobs(options: BlobFollowing): Follower {
  const { engine, kv, report } = options;
  const cursor = kv.get(CURSOR_KEY);
  return followBlocks({
    engine,
    from: cursor ? Number(Buffer.from(cursor).readBigUInt64BE()) : 0,
    report,
    async apply(height) {
      const results = engine.results(height);
      // Below a restored snapshot, or in a damaged part of the chain: the healer goes by the state and needs no blocks.
      if (!results) return;
      const isOfBlobs = await takeIn(options, height, results);
      if (isOfBlobs || height % CURSOR_BLOCKS === 0) await kv.write([{ key: CURSOR_KEY, value: heightBytes(height) }]);
    },
  });
}

/** Does what a block asks for. Resolves with whether it names blobs or deletes some. */
async function takeIn(
  { engine, ledger, blobs, healer }: BlobFollowing,
  height: number,
  { txResults }: Pick<BlockRecord, "txResults">,
): Promise<boolean> {
  const { txs } = engine.block(height)!.data;
  const executed = txs.filter((_, index) => txResults[index]!.code === 0);
  const named = executed.flatMap((bytes) => blobsNamedIn(ledger, bytes));
  if (named.length > 0) await blobs.reference(named);
  const missing = named.filter((address) => !blobs.has(address));
  if (missing.length > 0) healer.want(missing);
  const dead = txResults.flatMap(({ events }) => events.flatMap(deadBlobs));
  if (dead.length > 0) await blobs.delete(dead);
  return named.length + dead.length > 0;
}

/** A transaction that was executed carries storage receipts if it names blobs, and only then (tx/MissingReceipts, tx/ForgedReceipt). */
function blobsNamedIn(ledger: Ledger, bytes: Uint8Array): string[] {
  return decodeEnvelope(bytes).receipts.length === 0 ? [] : blobsOf(ledger.version, ledger.prepare(bytes));
}

interface BlobAddresses {
  readonly ciphertext?: string;
  readonly ownerCapsule?: string;
  readonly collectiveCapsule?: string;
  readonly formerOwnerCapsule?: string;
}

/** Blobs that an event asks every node to delete. A blob belongs to one object only (vault/BlobReused), so no other needs it. */
function deadBlobs({ type, data }: LedgerEvent): string[] {
  const { objects = [] } = data as { readonly objects?: readonly BlobAddresses[] };
  if (type === "vault.rewrapped") return objects.map(({ formerOwnerCapsule }) => formerOwnerCapsule!);
  if (type !== "vault.erased") return [];
  return objects.flatMap(({ ciphertext, ownerCapsule, collectiveCapsule }) => [ciphertext!, ownerCapsule!, collectiveCapsule!]);
}

function heightBytes(height: number): Uint8Array {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64BE(BigInt(height));
  return bytes;
}
