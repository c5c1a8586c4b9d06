import { type FileHandle, open, readFile } from "node:fs/promises";
import type { ServedEntry, ServedLogPort } from "@galen/custody/custodian/served-log";

/** More than one line takes. */
const TAIL_BYTES = 4_096;

/** The log of served shares, one JSON line each; synced before an answer leaves. */
export async function openServedLog(path: string): Promise<ServedLogPort & { close(): Promise<void> }> {
  const file = await open(path, "a+", 0o600);
  const last = await lastWholeLine(file);
  return {
    last: async () => (last === undefined ? undefined : (JSON.parse(last) as ServedEntry)),
    async append(entry) {
      const { size } = await file.stat();
      try {
        await file.appendFile(`${JSON.stringify(entry)}\n`);
        await file.datasync();
      } catch (error) {
        // No answer follows: half a line of a full disk must not become the beginning of the next entry.
        await file.truncate(size);
        throw error;
      }
    },
    close: () => file.close(),
  };
}

/** All entries of a log, for `auditServed`. */
export async function readServedLog(path: string): Promise<ServedEntry[]> {
  const lines = (await readFile(path, "utf8")).split("\n").slice(0, -1);
  return lines.map((line) => JSON.parse(line) as ServedEntry);
}

/** Cuts off a line that a crash left unfinished: no answer followed it. */
async function lastWholeLine(file: FileHandle): Promise<string | undefined> {
  const { size } = await file.stat();
  const start = Math.max(0, size - TAIL_BYTES);
  const { buffer, bytesRead } = await file.read(Buffer.alloc(TAIL_BYTES), 0, TAIL_BYTES, start);
  const tail = buffer.toString("latin1", 0, bytesRead);
  const end = tail.lastIndexOf("\n") + 1;
  if (end < bytesRead) await file.truncate(start + end);
  return tail.slice(0, end).split("\n").at(-2);
}
