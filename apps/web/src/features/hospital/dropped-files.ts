/** A file under the path by which people know it: two folders may hold files of one name. */
export interface FoundFile {
  readonly path: string;
  readonly file: File;
}

/** A folder may hold more than a browser takes at once. */
export const MAX_FILES = 1_000;

/** Bundles are JSON files; what else lies in a folder is passed over, as the command line does. */
const isBundleName = (name: string) => name.toLowerCase().endsWith(".json");

/** The files of a drop, those in folders included. What was dropped by itself is taken whatever it is called, so that its refusal is seen. */
export async function droppedFiles(transfer: DataTransfer): Promise<readonly FoundFile[]> {
  // The entries are gone after the first wait.
  const entries = [...transfer.items].flatMap((item) => item.webkitGetAsEntry() ?? []);
  const found = await Promise.all(entries.map((entry) => filesAt(entry, true)));
  return found.flat().slice(0, MAX_FILES);
}

/** The files of a chosen folder. */
export function filesOfFolder(files: readonly File[]): readonly FoundFile[] {
  return filesAsNamed(files.filter(({ name }) => isBundleName(name)));
}

/** Files that were chosen one by one, or in a folder. */
export function filesAsNamed(files: readonly File[]): readonly FoundFile[] {
  return files.slice(0, MAX_FILES).map((file) => ({ path: file.webkitRelativePath || file.name, file }));
}

async function filesAt(entry: FileSystemEntry, isNamed: boolean): Promise<readonly FoundFile[]> {
  if (entry.isFile) {
    if (!isNamed && !isBundleName(entry.name)) return [];
    const file = await new Promise<File>((resolve, reject) => (entry as FileSystemFileEntry).file(resolve, reject));
    return [{ path: entry.fullPath.replace(/^\//, ""), file }];
  }
  const inside = await entriesIn((entry as FileSystemDirectoryEntry).createReader());
  const found = await Promise.all(inside.map((one) => filesAt(one, false)));
  return found.flat();
}

/** A reader gives a part of the folder at a time, and nothing at its end. */
async function entriesIn(reader: FileSystemDirectoryReader): Promise<readonly FileSystemEntry[]> {
  const found: FileSystemEntry[] = [];
  for (;;) {
    const part = await new Promise<FileSystemEntry[]>((resolve, reject) => reader.readEntries(resolve, reject));
    if (part.length === 0 || found.length >= MAX_FILES) return found;
    found.push(...part);
  }
}
