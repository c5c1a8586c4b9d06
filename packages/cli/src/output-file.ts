import { lstat, open, rm, writeFile } from "node:fs/promises";
import { writeFileDurably } from "@galen/node/keys/durable-file";
import { errors } from "./errors.ts";

/**
 * Refuses a file that cannot be written, before anything is done for what it is to hold: a reading that is logged and counted cannot be taken back. Leaves no file
 * where none was, and what is in one. Throws the system's error.
 */
export async function requireWritable(path: string): Promise<void> {
  if (await isFree(path)) return;
  await (await open(path, "a")).close();
  // It is replaced by one beside it.
  if (await isReplaced(path)) await isFree(`${path}.part`);
}

/**
 * Writes what a verb gives out: where the disk is full or the process ends, what was in the file stays. Only its owner may read it. What is no file, such as
 * /dev/stdout, is written to where it is. Throws the system's error.
 */
export async function writeOutput(path: string, bytes: Uint8Array | Iterable<Uint8Array>): Promise<void> {
  await ((await isReplaced(path)) ? writeFileDurably(path, bytes) : writeFile(path, bytes));
}

/** Whether another file takes this place: a file is there, or nothing. Throws the system's error. */
async function isReplaced(path: string): Promise<boolean> {
  try {
    return (await lstat(path)).isFile();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return true;
    throw error;
  }
}

/** Refuses a file that is there, for what is written over none, and one that cannot be made. Throws Refusal cli/FileTaken, the system's error. */
export async function requireNewFile(path: string): Promise<void> {
  if (!(await isFree(path))) throw errors.FileTaken({ file: path });
}

/** Whether a file can be made under this name; false when something is there. Throws the system's error. */
async function isFree(path: string): Promise<boolean> {
  try {
    await (await open(path, "ax")).close();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw error;
  }
  await rm(path);
  return true;
}
