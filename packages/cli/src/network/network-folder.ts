import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { errors } from "../errors.ts";
import { readPinned } from "../session.ts";
import { ownCard } from "./adopt.ts";
import type { NodeCard } from "./node-card.ts";

/** A network for trying, all of it on this machine. */
export interface NetworkFolder {
  readonly path: string;
  /** Of the people and organisations, for trying: in earnest every organisation has its own. */
  readonly wallet: string;
  /** In the order of their folders. */
  readonly nodes: readonly NodeFolder[];
}

/** One organisation's node. */
export interface NodeFolder {
  readonly path: string;
  readonly card: NodeCard;
}

/** The folder of the organisation with this number, from 1. */
export function organisationFolder(network: string, number: number): string {
  return join(network, `organisation-${number}`);
}

/** The folder of the wallet that has the keys of all organisations. */
export function walletOf(network: string): string {
  return join(network, "wallet");
}

/** The folders of the organisations in a network's folder, by their numbers; none where there is no network. */
export async function organisationFolders(network: string): Promise<readonly string[]> {
  const names = await readdir(network).catch(() => []);
  const numbers = names.flatMap((name) => /^organisation-(\d+)$/.exec(name)?.[1] ?? []).map(Number);
  return numbers.toSorted((a, b) => a - b).map((number) => organisationFolder(network, number));
}

/** The folders of the organisations in a network's folder. Throws Refusal cli/NoNetworkFolder, cli/NetworkUnfinished. */
export async function requireNetworkFolder(path: string): Promise<readonly string[]> {
  const folders = await organisationFolders(path);
  if (folders.length === 0) throw errors.NoNetworkFolder({ folder: path });
  // What `galen network create` makes last.
  if (!(await readPinned(walletOf(path)))) throw errors.NetworkUnfinished({ folder: path });
  return folders;
}

/** What `galen network create` made. Throws Refusal cli/NoNetworkFolder, cli/NetworkUnfinished. */
export async function openNetworkFolder(path: string): Promise<NetworkFolder> {
  const folders = await requireNetworkFolder(path);
  const nodes = await Promise.all(folders.map(async (folder) => ({ path: folder, card: await ownCard(folder) })));
  return { path, wallet: walletOf(path), nodes };
}
