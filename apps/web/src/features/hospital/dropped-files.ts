/** A file under the path by which people know it: two folders may hold files of one name. */
export interface FoundFile {
  readonly path: string;
  readonly file: File;
}

/** What a drop or a choice comes to. */
export interface Found {
  readonly files: readonly FoundFile[];
  /** How many files were more than are taken at once. */
  readonly leftOut: number;
}

/** A folder may hold more than a browser takes at once. */
export const MAX_FILES = 1_000;

/** Bundles are JSON files; what else lies in a folder is passed over, as the command line does. */
const isBundleName = (name: string) => name.toLowerCase().endsWith(".json");

/** The files of a drop, those in folders included. What was dropped by itself is taken whatever it is called, so that its refusal is seen. */
export async function droppedFiles(transfer: DataTransfer): Promise<Found> {
  // The entries are gone after the first wait.
  const entries = [...transfer.items].flatMap((item) => item.webkitGetAsEntry() ?? []);
  const found = (await Promise.all(entries.map((entry) => filesAt(entry, true)))).flat();
  const files = await Promise.all(found.slice(0, MAX_FILES).map(fileOf));
  return { files, leftOut: found.length - files.length };
}

/** The files of a chosen folder. */
export function filesOfFolder(files: readonly File[]): Found {
  return filesAsNamed(files.filter(({ name }) => isBundleName(name)));
}

/** Files that were chosen one by one, or in a folder. */
export function filesAsNamed(chosen: readonly File[]): Found {
  const files = chosen.slice(0, MAX_FILES).map((file) => ({ path: file.webkitRelativePath || file.name, file }));
  return { files, leftOut: chosen.length - files.length };
}

async function filesAt(entry: FileSystemEntry, isNamed: boolean): Promise<readonly FileSystemFileEntry[]> {
  if (entry.isFile) return isNamed || isBundleName(entry.name) ? [entry as FileSystemFileEntry] : [];
  const inside = await entriesIn((entry as FileSystemDirectoryEntry).createReader());
  const found = await Promise.all(inside.map((one) => filesAt(one, false)));
  return found.flat();
}

async function fileOf(entry: FileSystemFileEntry): Promise<FoundFile> {
  const file = await new Promise<File>((resolve, reject) => entry.file(resolve, reject));
  return { path: entry.fullPath.replace(/^\//, ""), file };
}

/** A reader gives a part of the folder at a time, and nothing at its end. */
async function entriesIn(reader: FileSystemDirectoryReader): Promise<readonly FileSystemEntry[]> {
  const found: FileSystemEntry[] = [];
  for (;;) {
    const part = await new Promise<FileSystemEntry[]>((resolve, reject) => reader.readEntries(resolve, reject));
    if (part.length === 0) return found;
    found.push(...part);
  }
}
