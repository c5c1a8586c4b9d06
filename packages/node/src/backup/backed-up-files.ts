import { createHash } from "node:crypto";
import { createReadStream, type Stats } from "node:fs";
import { copyFile, lstat, mkdir, readdir, readFile } from "node:fs/promises";
import { dirname, join, relative, sep } from "node:path";
import { errors } from "../errors.ts";
import { writeFileDurably } from "../keys/durable-file.ts";
import { readIfThere } from "../keys/secret-file.ts";

/** A file of the data folder in a backup. */
interface BackedUpFile {
  /** Within the data folder, with "/" between folders. */
  readonly path: string;
  readonly sizeBytes: number;
  readonly sha256: string;
}

const LIST = "files.json";
const FOLDER = "files";
/** Names of a data folder's own parts begin with a letter, and none climbs out of it. */
const SAFE_PATH = /^[A-Za-z0-9][A-Za-z0-9._-]*(\/[A-Za-z0-9][A-Za-z0-9._-]*)*$/;

/** Copies some parts of a data folder into a backup, each file with its hash. Parts that do not exist are passed over. */
export async function backUpFiles(
  dataFolder: string,
  target: string,
  { parts, isLeftOut }: { readonly parts: readonly string[]; readonly isLeftOut: (path: string) => boolean },
): Promise<number> {
  const files: BackedUpFile[] = [];
  for (const path of await filesOf(dataFolder, parts)) {
    if (isLeftOut(path)) continue;
    const copy = join(target, FOLDER, path);
    await mkdir(dirname(copy), { recursive: true, mode: 0o700 });
    await copyFile(join(dataFolder, path), copy);
    // Of the copy: what is restored is compared with it.
    files.push({ path, ...(await digestOf(copy)) });
  }
  await writeFileDurably(join(target, LIST), Buffer.from(`${JSON.stringify(files, undefined, 2)}\n`));
  return files.length;
}

/** The files of a finished backup. Throws Refusal node/NoBackup. */
export async function listedFiles(source: string): Promise<readonly BackedUpFile[]> {
  const text = await backedUpText(source, LIST);
  if (text === undefined) throw errors.NoBackup({ folder: source });
  return JSON.parse(text) as readonly BackedUpFile[];
}

/** Puts the files of a backup into a data folder and compares each with its hash. Throws Refusal node/BackupDamaged. */
export async function restoreFiles(source: string, dataFolder: string, files: readonly BackedUpFile[]): Promise<void> {
  for (const { path, sizeBytes, sha256 } of files) {
    requireInside(path);
    const restored = join(dataFolder, path);
    await mkdir(dirname(restored), { recursive: true, mode: 0o700 });
    await copyFile(join(source, FOLDER, path), restored);
    const digest = await digestOf(restored);
    if (digest.sizeBytes !== sizeBytes || digest.sha256 !== sha256) throw errors.BackupDamaged({ reason: `${path} was changed` });
  }
}

/** Throws Refusal node/LinkInFolder when some parts of a folder are links or hold any. */
export async function requireNoLinks(folder: string, parts: readonly string[]): Promise<void> {
  await filesOf(folder, parts);
}

/**
 * All files below some parts of a folder, in order. Throws Refusal node/LinkInFolder: a link would bring in what lies elsewhere, and without that the backup
 * would not be whole.
 */
async function filesOf(folder: string, parts: readonly string[]): Promise<readonly string[]> {
  const found: string[] = [];
  for (const part of parts) {
    const path = join(folder, part);
    const kind = await kindIfThere(path);
    if (kind?.isSymbolicLink()) throw errors.LinkInFolder({ path });
    if (kind?.isFile()) found.push(part);
    if (!kind?.isDirectory()) continue;
    const entries = await readdir(path, { recursive: true, withFileTypes: true });
    const link = entries.find((entry) => entry.isSymbolicLink());
    if (link) throw errors.LinkInFolder({ path: join(link.parentPath, link.name) });
    const paths = entries.filter((entry) => entry.isFile()).map((entry) => relative(folder, join(entry.parentPath, entry.name)));
    found.push(...paths.map((one) => one.split(sep).join("/")).toSorted((a, b) => (a < b ? -1 : 1)));
  }
  return found;
}

/** What lies at a path, undefined when nothing does; a part that the disk does not show is not passed over. */
async function kindIfThere(path: string): Promise<Stats | undefined> {
  try {
    return await lstat(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}

async function digestOf(path: string): Promise<Pick<BackedUpFile, "sizeBytes" | "sha256">> {
  const hash = createHash("sha256");
  let sizeBytes = 0;
  for await (const chunk of createReadStream(path) as AsyncIterable<Buffer>) {
    hash.update(chunk);
    sizeBytes += chunk.length;
  }
  return { sizeBytes, sha256: hash.digest("hex") };
}

/** The files of a folder of keys as one text to be sealed; undefined when there are none. */
export async function bundleOf(
  dataFolder: string,
  { parts, isLeftOut }: { readonly parts: readonly string[]; readonly isLeftOut: (path: string) => boolean },
): Promise<string> {
  const bundle: Record<string, string> = {};
  for (const path of await filesOf(dataFolder, parts)) {
    if (!isLeftOut(path)) bundle[path] = (await readFile(join(dataFolder, path))).toString("base64");
  }
  return JSON.stringify(bundle);
}

/** Writes the files of a bundle back, for their owner's eyes only. Throws Refusal node/BackupDamaged. */
export async function unbundle(text: string, dataFolder: string): Promise<void> {
  for (const [path, content] of Object.entries(JSON.parse(text) as Record<string, string>)) {
    requireInside(path);
    await mkdir(dirname(join(dataFolder, path)), { recursive: true, mode: 0o700 });
    await writeFileDurably(join(dataFolder, path), Buffer.from(content, "base64"));
  }
}

function requireInside(path: string): void {
  if (!SAFE_PATH.test(path)) throw errors.BackupDamaged({ reason: `it names a file outside a data folder: ${JSON.stringify(path)}` });
}

/** The text of a backup's file, undefined when the backup has none. */
export function backedUpText(source: string, name: string): Promise<string | undefined> {
  return readIfThere(join(source, name));
}
