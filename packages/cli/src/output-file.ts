import { open, rm } from "node:fs/promises";

/**
 * Refuses a file that cannot be written, before anything is done for what it is to hold: a reading that is logged and counted cannot be taken back. Leaves no file
 * where none was, and what is in one. Throws the system's error.
 */
export async function requireWritable(path: string): Promise<void> {
  try {
    await (await open(path, "ax")).close();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
    return (await open(path, "a")).close();
  }
  await rm(path);
}
