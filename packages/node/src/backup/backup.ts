import { existsSync } from "node:fs";
import { readFile, rm } from "node:fs/promises";
import { dirname, join, relative } from "node:path";
import { ChainError } from "@galen/engines";
import { heightOfVote } from "@galen/engines/cometbft/process/prepare-home";
import { parseVote } from "@galen/engines/embedded/last-signed-file";
import { StoreError, type StoreErrorCode } from "@galen/ledger/store/store-error";
import { RESTORING } from "../data-folder.ts";
import { errors } from "../errors.ts";
import { isUnfinished, makeFolderDurably, syncFolder, writeFileDurably } from "../keys/durable-file.ts";
import { clearFolder, type DataSnapshot, exportData, requireEmpty, restoreData } from "../snapshot-data.ts";
import { backedUpText, backUpFiles, bundleOf, listedFiles, requireNoLinks, restoreFiles, unbundle } from "./backed-up-files.ts";

/** Seals the keys of a backup, or opens them. */
export type KeySealer = (text: string) => Promise<string>;

/** What is in a backup besides the chain. */
export interface Backup extends DataSnapshot {
  readonly files: number;
  readonly keys: "sealed" | "open" | "none";
}

export interface BackupOptions {
  readonly keys: Backup["keys"];
  /** Needed where the keys are sealed. Called once nothing stands against the backup and before anything is copied, so that nobody is asked in vain, nor after hours. */
  readonly sealer?: () => Promise<KeySealer>;
}

export interface RestoreOptions {
  /** Needed where the keys are sealed. */
  readonly open?: KeySealer;
  /** What the validator's key is to remember as its last vote; needed for a node of a network of several. */
  readonly vote?: RestoredVote;
}

/** The newest vote that there is a file of, or a height below which the key shall sign nothing. */
export type RestoredVote = { readonly kind: "file"; readonly path: string } | { readonly kind: "from"; readonly height: number };

const KEYS_SEALED = "keys.sealed.json";
const KEYS_OPEN = "keys.json";

/** Everything that is no secret: in a backup as it is. What CometBFT is configured with follows from the node's own settings and keys. */
const publicParts = [
  "blobs",
  "cometbft/data",
  "custodian-served.jsonl",
  "founding.json",
  "galen.config.json",
  "handover.json",
  "node-card.json",
];
/** Keys of people, each sealed under the wallet's own passphrase: as it is, but in no backup that goes where keys must not. */
const WALLET = "wallet";
const secretParts = ["keys"];
/** The last vote of a key. What was signed since the backup was made is in none: a vote that comes back would be cast a second time. */
const VOTE = /(^|\/)(last-signed-\d+|priv_validator_state)\.json$/;
/** What LevelDB makes anew whenever it opens: all of the wallet's lock, which is a store without records. */
const MADE_ANEW = /(^|\/)(LOCK|LOG|LOG\.old)$|^wallet\/lock\//;

/** Where CometBFT keeps the last vote. */
const COMETBFT_VOTE = "cometbft/data/priv_validator_state.json";

/**
 * Writes everything of a stopped node into a folder that is empty or does not exist: first the chain, in checked chunks, then what CometBFT
 * holds, so that the ledger never stands above its consensus; blobs, the custodian's log, settings, wallet, and the keys; all of it is on the disk then.
 * Throws Refusal node/LinkInFolder, and Error with a sentence; the target is empty then.
 */
export async function backUpNode(dataFolder: string, target: string, { keys, sealer }: BackupOptions): Promise<Backup> {
  const parts = keys === "none" ? publicParts : [...publicParts, WALLET];
  await requireNoLinks(dataFolder, [...parts, ...secretParts]);
  const isLeftOut = (path: string) => VOTE.test(path) || MADE_ANEW.test(path) || isUnfinished(path);
  let files = 0;
  // A node that starts meanwhile would change what is copied: the folder is held until all is.
  const snapshot = await exportData(dataFolder, target, async () => {
    const seal = keys === "sealed" ? await requireSealer(sealer)() : undefined;
    return async () => {
      if (keys !== "none") {
        const bundle = await bundleOf(dataFolder, { parts: secretParts, isLeftOut });
        const [name, text] = seal ? [KEYS_SEALED, await seal(bundle)] : [KEYS_OPEN, bundle];
        await writeFileDurably(join(target, name), Buffer.from(text));
      }
      // Its list comes last of all: with it the backup is finished.
      files = await backUpFiles(dataFolder, target, { parts, isLeftOut });
    };
  });
  return { ...snapshot, files, keys };
}

/**
 * Fills an empty folder from a backup, in which no node starts before all is there: every file is compared with its hash, the state tree is built again, every block verified. The last vote is
 * never an old one: it comes from `vote`. Throws Refusal node/…, and Error with a sentence where the disk does not do; the folder is empty then.
 */
export async function restoreNode(source: string, dataFolder: string, { open, vote }: RestoreOptions = {}): Promise<Backup> {
  const files = await listedFiles(source);
  const [sealed, plain] = [await backedUpText(source, KEYS_SEALED), await backedUpText(source, KEYS_OPEN)];
  const isInNetwork = existsSync(join(source, "files", "cometbft"));
  if (isInNetwork && (sealed ?? plain) !== undefined && !vote) throw errors.VotesUnknown();
  const record = vote && (await voteRecord(vote, isInNetwork));
  await requireEmpty(dataFolder);
  const bundle = sealed === undefined ? plain : await requireSealer(open)(sealed);
  try {
    await writeFileDurably(join(dataFolder, RESTORING), Buffer.of());
    const snapshot = await restoreData(source, dataFolder);
    await restoreFiles(source, dataFolder, files);
    if (bundle !== undefined) await unbundle(bundle, dataFolder);
    if (record) await writeVote(dataFolder, record, isInNetwork);
    await rm(join(dataFolder, RESTORING));
    await syncFolder(dataFolder);
    return { ...snapshot, files: files.length, keys: sealed !== undefined ? "sealed" : plain !== undefined ? "open" : "none" };
  } catch (error) {
    await clearFolder(dataFolder);
    throw damageOf(error, source);
  }
}

const damages: readonly string[] = ["SnapshotInvalid", "StateCorrupt"] satisfies StoreErrorCode[];

/** What is wrong with a backup, in one refusal, from those who met it at work on a store or a chain, and advise for that. Anything else, such as a full disk, stays as it is. */
function damageOf(error: unknown, source: string): unknown {
  if (!(error instanceof Error)) return error;
  const { code, path } = error as NodeJS.ErrnoException;
  const missing = code === "ENOENT" && path !== undefined ? relative(source, path) : "..";
  if (!missing.startsWith("..")) return errors.BackupDamaged({ reason: `${missing} is missing` });
  const isDamage =
    error instanceof ChainError || error instanceof SyntaxError || (error instanceof StoreError && damages.includes(error.code));
  return isDamage ? errors.BackupDamaged({ reason: error.message.split(";")[0]! }) : error;
}

function requireSealer<T>(sealer: T | undefined): T {
  if (!sealer) throw new Error("the keys of this backup are sealed; give the passphrase");
  return sealer;
}

/** A round that no consensus reaches: at the height itself nothing is signed any more. */
const LAST_ROUND = 2_147_483_647;
const PRECOMMIT_STEP = 3;

/** What the key is to remember. Read before anything is copied: who named the wrong file is told at once. Throws Refusal node/NoVote, node/VoteNotNeeded. */
async function voteRecord(vote: RestoredVote, isInNetwork: boolean): Promise<Uint8Array> {
  if (vote.kind === "file") {
    const bytes = await readFile(vote.path);
    const isVote = isInNetwork ? heightOfVote(bytes.toString("utf8")) !== undefined : parseVote(bytes.toString("latin1")) !== undefined;
    if (!isVote) throw errors.NoVote({ path: vote.path });
    return bytes;
  }
  if (!isInNetwork) throw errors.VoteNotNeeded();
  const state = { height: String(vote.height - 1), round: LAST_ROUND, step: PRECOMMIT_STEP };
  return Buffer.from(`${JSON.stringify(state, undefined, 2)}\n`);
}

async function writeVote(dataFolder: string, record: Uint8Array, isInNetwork: boolean): Promise<void> {
  const path = join(dataFolder, isInNetwork ? COMETBFT_VOTE : "keys/last-signed-0.json");
  await makeFolderDurably(dirname(path));
  await writeFileDurably(path, record);
}
