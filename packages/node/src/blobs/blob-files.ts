import { randomBytes } from "node:crypto";
import { mkdir, open, readFile, rename, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { syncFolder } from "../keys/durable-file.ts";

/** Large blobs as files: `folder/ab/abcdef…`. A file that bears its address is complete and on disk. */
export interface BlobFiles {
  write(address: string, bytes: Uint8Array): Promise<void>;
  read(address: string): Promise<Uint8Array>;
  remove(address: string): Promise<void>;
}

export function openBlobFiles(folder: string): BlobFiles {
  const pathOf = (address: string) => join(folder, address.slice(0, 2), address);
  return {
    async write(address, bytes) {
      const path = pathOf(address);
      const temporary = `${path}.${randomBytes(6).toString("hex")}.part`;
      if (await mkdir(dirname(path), { recursive: true })) await syncFolder(folder);
      try {
        await writeDurably(temporary, bytes);
        await rename(temporary, path);
        await syncFolder(dirname(path));
      } catch (error) {
        await rm(temporary, { force: true });
        throw error;
      }
    },
    read: (address) => readFile(pathOf(address)),
    remove: (address) => rm(pathOf(address), { force: true }),
  };
}

async function writeDurably(path: string, bytes: Uint8Array): Promise<void> {
  const file = await open(path, "wx", 0o600);
  try {
    await file.writeFile(bytes);
    await file.sync();
  } finally {
    await file.close();
  }
}
