import { readdir, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { type VerifiedBlock, verifyChain } from "@galen/engines";
import { missingBlock } from "@galen/engines/chain/chain-error";
import { openChainStore } from "@galen/engines/chain/chain-store";
import { type Genesis, initialHeight } from "@galen/ledger/app/genesis";
import { openLedger } from "@galen/ledger/app/ledger";
import { liveRanges, restoreLedger } from "@galen/ledger/app/restore-ledger";
import { ledgerVersions } from "@galen/ledger/modules/index";
import type { KeyValueStore } from "@galen/ledger/store/kv";
import { exportSnapshot, type RecordRange, type SnapshotManifest } from "@galen/ledger/store/snapshot";
import { StoreError } from "@galen/ledger/store/store-error";
import { nativeCrypto } from "./crypto/native.ts";
import { chunkName, makeDataFolder, openNodeFolder } from "./data-folder.ts";
import { errors } from "./errors.ts";
import { makeFolderDurably, writeFileDurably } from "./keys/durable-file.ts";
import { openLevelStore } from "./store/level-store.ts";
import { storedGenesis } from "./stored-genesis.ts";

/** The blocks, which a node's ledger folder holds beside state and bookkeeping. Keys of the engine begin with "b". */
const blocks: RecordRange = { gte: Uint8Array.of(0x62), lt: Uint8Array.of(0x63) };

/** What a snapshot holds, and whose it is. */
export interface DataSnapshot extends Pick<SnapshotManifest, "height" | "keyCount" | "root"> {
  readonly chainId: string;
  readonly chunks: number;
}

/**
 * Writes state and blocks of a stopped node into a folder that does not exist or is empty: chunks of 8 MiB, `manifest.json`, and `genesis.json` last.
 * Blobs and keys are files of the data folder: `prepareBeside` is called
 * before anything is copied, and what it gives copies them in the end; the folder belongs to nobody else meanwhile. Throws Error with a sentence; the target is empty then.
 */
export async function exportData(dataFolder: string, target: string, prepareBeside = async () => async () => {}): Promise<DataSnapshot> {
  const folder = await openNodeFolder(dataFolder);
  const genesis = await storedGenesis(dataFolder);
  await requireEmpty(target);
  const kv = await openLevelStore(folder.ledger);
  try {
    const { height, time } = await openLedger({ kv, crypto: nativeCrypto, versions: ledgerVersions, genesis });
    requireFirstBlock(kv, genesis, height);
    await requireNoGap(kv, genesis);
    const copyBeside = await prepareBeside();
    const keep = (chunk: Uint8Array, index: number) => writeFileDurably(join(target, chunkName(index)), chunk);
    const manifest = await exportSnapshot({ kv, crypto: nativeCrypto, height, ranges: [...liveRanges(time), blocks], keep });
    await writeFileDurably(join(target, "manifest.json"), Buffer.from(`${JSON.stringify(manifest, undefined, 2)}\n`));
    await writeFileDurably(join(target, "genesis.json"), await readFile(folder.genesis));
    await copyBeside();
    return summaryOf(manifest, genesis);
  } catch (error) {
    // Whoever mends the cause names the same folder again.
    await clearFolder(target);
    throw error;
  } finally {
    await kv.close();
  }
}

/**
 * A node that began from a snapshot gets the blocks below from the newest down: with the first one it has all, and what restores or replays begins there.
 * Throws Refusal node/BlocksMissing.
 */
export function requireFirstBlock(kv: KeyValueStore, genesis: Genesis, height: number): void {
  const first = initialHeight(genesis);
  if (height >= first && !openChainStore(kv, ledgerVersions).holds(first)) throw errors.BlocksMissing({ height: first });
}

/** Throws ChainError BlockMissing where the disk has lost a block: nobody could restore what is made of the others. */
async function requireNoGap(kv: KeyValueStore, genesis: Genesis): Promise<void> {
  const store = openChainStore(kv, ledgerVersions);
  const bounds = await store.bounds();
  const missing = bounds && (await store.gapIn(initialHeight(genesis), bounds.latest));
  if (missing !== undefined) throw missingBlock(missing);
}

/**
 * Fills an empty data folder from a snapshot. Every chunk is checked, the state tree is built again and compared, every block verified against
 * the signatures of its validators, and state, time and replay window against the blocks. Throws Error with a sentence; what lies in the folder is then to be deleted.
 */
export async function restoreData(source: string, dataFolder: string): Promise<DataSnapshot> {
  const genesis = await storedGenesis(source);
  const manifest = JSON.parse(await readFile(join(source, "manifest.json"), "utf8")) as SnapshotManifest;
  const folder = await makeDataFolder(dataFolder);
  const kv = await openLevelStore(folder.ledger);
  try {
    const crypto = nativeCrypto;
    const signedBlock = () => lastSignedBlock(kv, genesis, manifest.height);
    await restoreLedger({ kv, crypto, manifest, chunks: chunksOf(source, manifest), also: [blocks], signedBlock });
    await openLedger({ kv, crypto, versions: ledgerVersions, genesis }); // compares state and genesis document
    await writeFileDurably(folder.genesis, await readFile(join(source, "genesis.json")));
    return summaryOf(manifest, genesis);
  } finally {
    await kv.close();
  }
}

/** The last of the blocks that the snapshot holds, which their validators signed: the manifest's word is not enough. */
async function lastSignedBlock(kv: KeyValueStore, genesis: Genesis, height: number): Promise<VerifiedBlock> {
  const store = openChainStore(kv, ledgerVersions);
  let last: VerifiedBlock | undefined;
  for await (last of verifyChain({ store, genesis, crypto: nativeCrypto, height }));
  if (!last)
    throw new StoreError("SnapshotInvalid", `the snapshot ends before the first block of ${genesis.chainId}; take another snapshot`);
  return last;
}

function summaryOf({ height, keyCount, root, chunks }: SnapshotManifest, { chainId }: Genesis): DataSnapshot {
  return { chainId, height, keyCount, root, chunks: chunks.length };
}

async function* chunksOf(source: string, { chunks }: SnapshotManifest): AsyncIterable<Uint8Array> {
  for (const index of chunks.keys()) yield await readFile(join(source, chunkName(index)));
}

/** Removes all that a folder holds. */
export async function clearFolder(folder: string): Promise<void> {
  for (const name of await readdir(folder)) await rm(join(folder, name), { recursive: true });
}

/** Makes the folder where there is none. Throws Refusal node/FolderNotEmpty. */
export async function requireEmpty(folder: string): Promise<void> {
  await makeFolderDurably(folder);
  if ((await readdir(folder)).length > 0) throw errors.FolderNotEmpty({ folder });
}
