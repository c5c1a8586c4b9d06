import { createHash } from "node:crypto";
import { createReadStream, type Stats } from "node:fs";
import { lstat, readdir, readFile } from "node:fs/promises";
import { dirname, join, relative, sep } from "node:path";
import { errors } from "../errors.ts";
import { copyFileDurably, makeFolderDurably, syncFolder, writeFileDurably } from "../keys/durable-file.ts";
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

/** Copies some parts of a data folder into a backup, each file with its hash, and the list once all are on the disk. Parts that do not exist are passed over. */
export async function backUpFiles(
  dataFolder: string,
  target: string,
  { parts, isLeftOut }: { readonly parts: readonly string[]; readonly isLeftOut: (path: string) => boolean },
): Promise<number> {
  const files: BackedUpFile[] = [];
  const paths = (await filesOf(dataFolder, parts)).filter((path) => !isLeftOut(path));
  await copyFiles({ from: dataFolder, to: join(target, FOLDER), paths }, async (path, copy) => {
    // Of the copy: what is restored is compared with it.
    files.push({ path, ...(await digestOf(copy)) });
  });
  await writeFileDurably(join(target, LIST), Buffer.from(`${JSON.stringify(files, undefined, 2)}\n`));
  return files.length;
}

/** The files of a finished backup. Throws Refusal node/NoBackup. */
export async function listedFiles(source: string): Promise<readonly BackedUpFile[]> {
  const text = await backedUpText(source, LIST);
  if (text === undefined) throw errors.NoBackup({ folder: source });
  const list = parseOrUndefined(text);
  if (!Array.isArray(list) || !list.every(isListedFile)) throw errors.BackupDamaged({ reason: `${LIST} is no list of files` });
  return list;
}

function isListedFile(value: unknown): value is BackedUpFile {
  const { path, sizeBytes, sha256 } = { ...(value as Partial<BackedUpFile> | null) };
  return typeof path === "string" && typeof sizeBytes === "number" && typeof sha256 === "string";
}

function parseOrUndefined(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined; // refused by the caller
  }
}

/** Puts the files of a backup into a data folder and compares each with its hash. Throws Refusal node/BackupDamaged. */
export async function restoreFiles(source: string, dataFolder: string, files: readonly BackedUpFile[]): Promise<void> {
  const listed = new Map(files.map((file) => [file.path, file]));
  for (const path of listed.keys()) requireInside(path);
  await copyFiles({ from: join(source, FOLDER), to: dataFolder, paths: [...listed.keys()] }, async (path, copy) => {
    const digest = await digestOf(copy);
    const { sizeBytes, sha256 } = listed.get(path)!;
    if (digest.sizeBytes !== sizeBytes || digest.sha256 !== sha256) throw errors.BackupDamaged({ reason: `${path} was changed` });
  });
}

interface Copying {
  readonly from: string;
  readonly to: string;
  /** Within both folders. */
  readonly paths: readonly string[];
}

/** Copies files one after the other and hands over each copy; all of them are on the disk in the end. */
async function copyFiles({ from, to, paths }: Copying, onCopied: (path: string, copy: string) => Promise<void>): Promise<void> {
  const folders = new Set<string>();
  for (const path of paths) {
    const copy = join(to, path);
    await makeFolderDurably(dirname(copy));
    await copyFileDurably(join(from, path), copy);
    folders.add(dirname(copy));
    await onCopied(path, copy);
  }
  for (const folder of folders) await syncFolder(folder);
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
  const bundle = parseOrUndefined(text);
  if (!isBundle(bundle)) throw errors.BackupDamaged({ reason: "what should be its keys is something else" });
  for (const [path, content] of Object.entries(bundle)) {
    requireInside(path);
    await makeFolderDurably(dirname(join(dataFolder, path)));
    await writeFileDurably(join(dataFolder, path), Buffer.from(content, "base64"));
  }
}

function isBundle(value: unknown): value is Readonly<Record<string, string>> {
  return (
    typeof value === "object" && value !== null && !Array.isArray(value) && Object.values(value).every((one) => typeof one === "string")
  );
}

/** Any name that a disk may give back stays allowed: systems and editors leave files of theirs beside the node's, and a backup holds those as well. */
function requireInside(path: string): void {
  const steps = path.split(sep === "/" ? "/" : /[/\\]/);
  const isInside = steps.every((step) => !["", ".", ".."].includes(step) && !step.includes("\0"));
  if (!isInside) throw errors.BackupDamaged({ reason: `it names a file outside a data folder: ${JSON.stringify(path)}` });
}

/** The text of a backup's file, undefined when the backup has none. */
export function backedUpText(source: string, name: string): Promise<string | undefined> {
  return readIfThere(join(source, name));
}
