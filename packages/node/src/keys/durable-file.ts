import { randomBytes } from "node:crypto";
import { open, rename, rm } from "node:fs/promises";
import { dirname } from "node:path";

/** Replaces a file as a whole: after a crash it holds the old bytes or the new ones, and a failure leaves nothing else. Only its owner may read it. */
export async function writeFileDurably(path: string, bytes: Uint8Array): Promise<void> {
  // A name of its own: two processes may write one file at once.
  const temporary = `${path}.${randomBytes(6).toString("hex")}.part`;
  try {
    await writeNewFile(temporary, bytes);
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
  await syncFolder(dirname(path));
}

async function writeNewFile(path: string, bytes: Uint8Array): Promise<void> {
  const file = await open(path, "wx", 0o600);
  try {
    await file.writeFile(bytes);
    await file.sync();
  } finally {
    await file.close();
  }
}

/** A new or renamed entry is durable only once its folder is. */
export async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, "r");
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}
