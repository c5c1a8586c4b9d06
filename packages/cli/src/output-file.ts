import { open, rm } from "node:fs/promises";
import { errors } from "./errors.ts";

/**
 * Refuses a file that cannot be written, before anything is done for what it is to hold: a reading that is logged and counted cannot be taken back. Leaves no file
 * where none was, and what is in one. Throws the system's error.
 */
export async function requireWritable(path: string): Promise<void> {
  if (!(await isFree(path))) await (await open(path, "a")).close();
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
