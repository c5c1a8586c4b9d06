/** A folder may hold more than a browser takes at once. */
export const MAX_FILES = 1_000;

/** Bundles are JSON files; what else lies in a folder is passed over, as the command line does. */
const isBundleName = (name: string) => name.toLowerCase().endsWith(".json");

/** The files of a drop, those in folders included. What was dropped by itself is taken whatever it is called, so that its refusal is seen. */
export async function droppedFiles(transfer: DataTransfer): Promise<readonly File[]> {
  // The entries are gone after the first wait.
  const entries = [...transfer.items].flatMap((item) => item.webkitGetAsEntry() ?? []);
  const found = await Promise.all(entries.map((entry) => filesAt(entry, true)));
  return found.flat().slice(0, MAX_FILES);
}

/** The files of a chosen folder. */
export function filesOfFolder(files: readonly File[]): readonly File[] {
  return files.filter(({ name }) => isBundleName(name)).slice(0, MAX_FILES);
}

async function filesAt(entry: FileSystemEntry, isNamed: boolean): Promise<readonly File[]> {
  if (entry.isFile) {
    if (!isNamed && !isBundleName(entry.name)) return [];
    return [await new Promise<File>((resolve, reject) => (entry as FileSystemFileEntry).file(resolve, reject))];
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
