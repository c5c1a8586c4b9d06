import { mkdir, readFile, rm, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import { syncFolder, writeFileDurably } from "../keys/durable-file.ts";

/** Large blobs as files: `folder/ab/abcdef…`. A file that bears its address is complete and on disk. */
export interface BlobFiles {
  write(address: string, bytes: Uint8Array): Promise<void>;
  read(address: string): Promise<Uint8Array>;
  sizeBytes(address: string): Promise<number>;
  remove(address: string): Promise<void>;
}

/** @param workshop see `writeFileDurably` */
export function openBlobFiles(folder: string, workshop = folder): BlobFiles {
  const pathOf = (address: string) => join(folder, address.slice(0, 2), address);
  return {
    async write(address, bytes) {
      const path = pathOf(address);
      if (await mkdir(dirname(path), { recursive: true })) await syncFolder(folder);
      await writeFileDurably(path, bytes, workshop);
    },
    read: (address) => readFile(pathOf(address)),
    sizeBytes: async (address) => (await stat(pathOf(address))).size,
    remove: (address) => rm(pathOf(address), { force: true }),
  };
}
