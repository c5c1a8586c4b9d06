import { existsSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { errors } from "./errors.ts";

/** What lies where in a node's data folder; docs/operations says what is lost when it is lost. */
export interface DataFolder {
  /** LevelDB: state, blocks, commits, results. */
  readonly ledger: string;
  /** LevelDB: small blobs, and where the large ones are. */
  readonly blobIndex: string;
  readonly blobFiles: string;
  /** Where these are written before they bear their names. */
  readonly blobWorkshop: string;
  /** The read model; may be deleted. */
  readonly index: string;
  /** Home of the CometBFT process, when that orders. */
  readonly cometbft: string;
  /** Snapshots of the state for nodes that begin; may be deleted. */
  readonly snapshots: string;
  readonly genesis: string;
  /** Of a network that goes on from another: the proof that the other one named it. */
  readonly handover: string;
  /** Also holds the validator's last vote (`last-signed-*.json`). */
  readonly keys: string;
  readonly validatorKey: string;
  /** Who the node is to its peers. */
  readonly nodeKey: string;
  readonly custodianKey: string;
  readonly custodianState: string;
  /** Which shares the custodian has served, one JSON line each. */
  readonly served: string;
}

/** Lies in a data folder while a backup is restored into it. */
export const RESTORING = "restoring";

/** Names the parts of a folder that a node has filled; makes nothing in any other. Throws Refusal node/NoNetwork, node/IsBackup, node/RestoreUnfinished. */
export async function openNodeFolder(path: string): Promise<DataFolder> {
  requireWhole(path);
  if (!existsSync(join(path, "ledger"))) throw errors.NoNetwork({ folder: path });
  return makeDataFolder(path);
}

/** Makes a node's folder, or finds it, and names its parts. Throws Refusal node/IsBackup, node/RestoreUnfinished. */
export async function openDataFolder(path: string): Promise<DataFolder> {
  requireWhole(path);
  return makeDataFolder(path);
}

/** A node that was started in a backup, or in a part of what was in it, would begin the chain anew, under the same name, or go on with other keys. */
function requireWhole(path: string): void {
  if (existsSync(join(path, chunkName(0)))) throw errors.IsBackup({ folder: path });
  if (existsSync(join(path, RESTORING))) throw errors.RestoreUnfinished({ folder: path });
}

/** Makes the folder, for its owner's eyes only, and names its parts. */
export async function makeDataFolder(path: string): Promise<DataFolder> {
  const folder = partsOf(path);
  for (const made of [path, folder.keys, folder.blobFiles]) await mkdir(made, { recursive: true, mode: 0o700 });
  return folder;
}

/** Names the parts of a folder, whether they are there or not. */
export function partsOf(path: string): DataFolder {
  const keys = join(path, "keys");
  return {
    ledger: join(path, "ledger"),
    blobIndex: join(path, "blobs", "index"),
    blobFiles: join(path, "blobs", "files"),
    blobWorkshop: join(path, "blobs", "unfinished"),
    index: join(path, "index.sqlite"),
    cometbft: join(path, "cometbft"),
    snapshots: join(path, "snapshots"),
    genesis: join(path, "genesis.json"),
    handover: join(path, "handover.json"),
    keys,
    validatorKey: join(keys, "validator.json"),
    nodeKey: join(keys, "node.json"),
    custodianKey: join(keys, "custodian.json"),
    custodianState: join(keys, "custodian-state.json"),
    served: join(path, "custodian-served.jsonl"),
  };
}

/** A part of the chain in a backup or snapshot, which no data folder has. */
export function chunkName(index: number): string {
  return `chunk-${String(index).padStart(5, "0")}`;
}
