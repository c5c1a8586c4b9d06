import { randomBytes } from "node:crypto";
import { copyFile, mkdir, open, readdir, rename, rm } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";

/**
 * Replaces a file as a whole: after a crash it holds the old bytes or the new ones, and a failure leaves nothing else. Only its owner may read it. It is
 * written in `workshop`, of the same file system, where a killed process may leave it unfinished.
 */
export async function writeFileDurably(path: string, bytes: Uint8Array | Iterable<Uint8Array>, workshop = dirname(path)): Promise<void> {
  // A name of its own: two processes may write one file at once.
  const temporary = join(workshop, `${basename(path)}.${randomBytes(6).toString("hex")}.part`);
  try {
    await writeNewFile(temporary, bytes);
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
  await syncFolder(dirname(path));
}

/** Whether a file is one that was not finished. */
export function isUnfinished(path: string): boolean {
  return /\.[0-9a-f]{12}\.part$/.test(path);
}

/**
 * Makes a folder, or removes what killed processes have left unfinished in it: no later write would replace it, and no erasure find it. Nobody may write
 * there meanwhile.
 */
export async function clearWorkshop(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  for (const name of (await readdir(folder)).filter(isUnfinished)) await rm(join(folder, name));
}

async function writeNewFile(path: string, bytes: Uint8Array | Iterable<Uint8Array>): Promise<void> {
  const file = await open(path, "wx", 0o600);
  try {
    await file.writeFile(bytes);
    await file.sync();
  } finally {
    await file.close();
  }
}

/** Makes a folder, for its owner's eyes only, with all that lead to it: after a crash they are there. */
export async function makeFolderDurably(path: string): Promise<void> {
  const first = await mkdir(path, { recursive: true, mode: 0o700 });
  if (first === undefined) return;
  for (let made = resolve(path); made.length >= resolve(first).length; made = dirname(made)) await syncPath(dirname(made));
}

/** Copies a file whose bytes are on the disk then. Its name is once the folder is synced, which many copies do together. */
export async function copyFileDurably(from: string, to: string): Promise<void> {
  await copyFile(from, to);
  await syncPath(to);
}

/** A new or renamed entry is durable only once its folder is. */
export function syncFolder(path: string): Promise<void> {
  return syncPath(path);
}

async function syncPath(path: string): Promise<void> {
  const opened = await open(path, "r");
  try {
    await opened.sync();
  } finally {
    await opened.close();
  }
}
