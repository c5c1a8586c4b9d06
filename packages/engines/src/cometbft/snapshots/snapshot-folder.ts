import { mkdir, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { SnapshotManifest } from "@galen/ledger/store/snapshot";
import { syncFolder } from "../../sync-folder.ts";

/** Snapshots on the disk, a folder each, named by height. */
export interface SnapshotFolder {
  /** Of all that are complete, the newest first. */
  list(): readonly SnapshotManifest[];
  /** Undefined for one that is not there, or no more. */
  chunk(height: number, index: number): Promise<Uint8Array | undefined>;
  /** Keeps durably what `make`, which is called at once, hands out chunk by chunk, and forgets all but the newest two. */
  add(height: number, make: Make): Promise<void>;
}

/** Makes a snapshot and hands it out chunk by chunk. */
type Make = (keepChunk: (chunk: Uint8Array, index: number) => Promise<void>) => Promise<SnapshotManifest>;

const MANIFEST = "manifest.json";
const KEPT = 2;

/** Opens the folder, and removes what an earlier process, or a power cut, left unfinished. */
export async function openSnapshotFolder(root: string): Promise<SnapshotFolder> {
  await mkdir(root, { recursive: true, mode: 0o700 });
  let manifests: readonly SnapshotManifest[] = await readAll(root);

  async function forgetOld(): Promise<void> {
    const old = manifests.slice(KEPT);
    manifests = manifests.slice(0, KEPT);
    for (const { height } of old) await rm(join(root, String(height)), { recursive: true, force: true });
  }

  return {
    list: () => manifests,
    async chunk(height, index) {
      if (!manifests.some((manifest) => manifest.height === height && index < manifest.chunks.length)) return undefined;
      // A newer snapshot may push this one out meanwhile, or somebody delete it: no reason for the node to end.
      const bytes = await readFile(join(root, String(height), String(index))).catch(ignoreMissing);
      return bytes && new Uint8Array(bytes);
    },
    async add(height, make) {
      const beside = join(root, `${height}.part`);
      const manifest = await makeBeside(beside, make).catch(async (error: unknown) => {
        // On a full disk it would take the room for good.
        await rm(beside, { recursive: true, force: true });
        throw error;
      });
      await rm(join(root, String(height)), { recursive: true, force: true });
      await rename(beside, join(root, String(height)));
      await syncFolder(root);
      manifests = [manifest, ...manifests.filter((other) => other.height !== height)];
      await forgetOld();
    },
  };
}

/**
 * Writes what `make`, which is called at once, hands out, and at its end the manifest, which makes it complete. All of it is on the disk then: a snapshot whose
 * manifest outlived its chunks would be offered, and no chunk is looked at when it is served.
 */
async function makeBeside(beside: string, make: Make): Promise<SnapshotManifest> {
  const made = makeAnew(beside);
  made.catch(() => {}); // heard with the first chunk, which may come long after
  const manifest = await make(async (chunk, index) => {
    await made;
    await writeFile(join(beside, String(index)), chunk, { flush: true });
  });
  await writeFile(join(beside, MANIFEST), `${JSON.stringify(manifest)}\n`, { flush: true });
  await syncFolder(beside);
  return manifest;
}

/** An empty folder, also where somebody has deleted the one around it to make room. */
async function makeAnew(path: string): Promise<void> {
  await rm(path, { recursive: true, force: true });
  await mkdir(path, { recursive: true, mode: 0o700 });
}

async function readAll(root: string): Promise<SnapshotManifest[]> {
  const names = await readdir(root);
  for (const name of names.filter((one) => one.endsWith(".part"))) await rm(join(root, name), { recursive: true, force: true });
  const kept = names.filter((name) => /^[1-9][0-9]*$/.test(name)).sort((a, b) => Number(b) - Number(a));
  return (await Promise.all(kept.map((name) => readManifest(join(root, name))))).filter((manifest) => manifest !== undefined);
}

/** The manifest of a snapshot. One that is cut off makes the snapshot useless: it is removed, and undefined comes back. */
async function readManifest(folder: string): Promise<SnapshotManifest | undefined> {
  try {
    return JSON.parse((await readFile(join(folder, MANIFEST), "utf8").catch(ignoreMissing)) ?? "") as SnapshotManifest;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    await rm(folder, { recursive: true, force: true });
    return undefined;
  }
}

function ignoreMissing(error: NodeJS.ErrnoException): undefined {
  if (error.code !== "ENOENT") throw error;
}
