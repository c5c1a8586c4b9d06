import { type FileHandle, open } from "node:fs/promises";
import { dirname } from "node:path";
import type { ServedLogPort } from "@galen/custody/custodian/served-log";
import type { ServedEntry } from "@galen/ledger/modules/vault/served-log";
import { syncFolder } from "../keys/durable-file.ts";

/** More than one line takes. */
const TAIL_BYTES = 4_096;
/** Some hundred entries. */
const PAGE_BYTES = 131_072;

/** A part of the log. */
export interface ServedPage {
  readonly entries: readonly ServedEntry[];
  /** Where the next part begins; undefined at the end. */
  readonly next: number | undefined;
}

/** The log on the disk. */
export interface ServedLogFile extends ServedLogPort {
  /** The entries from an offset on, which is 0 or what another page named; undefined for any other. */
  page(offset: number): Promise<ServedPage | undefined>;
  close(): Promise<void>;
}

/** The log of served shares, one JSON line each; synced before an answer leaves. */
export async function openServedLog(path: string): Promise<ServedLogFile> {
  const file = await open(path, "a+", 0o600);
  await syncFolder(dirname(path)); // without its entry there, a new file is gone after a loss of power, whatever was synced
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
    page: (offset) => readPage(file, offset),
    close: () => file.close(),
  };
}

async function readPage(file: FileHandle, offset: number): Promise<ServedPage | undefined> {
  const from = Math.max(0, offset - 1);
  const { buffer, bytesRead } = await file.read(Buffer.alloc(PAGE_BYTES), 0, PAGE_BYTES, from);
  const text = buffer.toString("latin1", 0, bytesRead);
  const start = offset - from;
  if (bytesRead < start || (start === 1 && text[0] !== "\n")) return undefined; // not the beginning of a line
  const end = text.lastIndexOf("\n") + 1;
  const lines = text.slice(start, end).split("\n").slice(0, -1);
  const { size } = await file.stat();
  return { entries: lines.map((line) => JSON.parse(line) as ServedEntry), next: from + end < size ? from + end : undefined };
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
