import { close, closeSync, constants, fdatasync, openSync, readSync, writevSync } from "node:fs";
import { readdir, stat, unlink } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import type { LogWrite } from "@galen/ledger/store/kv";
import { makeFolderDurably, syncFolder } from "../keys/durable-file.ts";

/** The log of a KeyValueStore in files of one size, which are deleted as a whole. */
export interface LogFiles {
  /** Where the last file ended at the opening, in bytes; 0 when there was none. */
  readonly end: number;
  /** Fills `target` from `position` on; false if not all of it was ever written. */
  read(position: number, target: Uint8Array): boolean;
  /** Hands writes to the operating system: a killed process loses nothing of them. */
  write(writes: readonly LogWrite[]): Promise<void>;
  /** Makes what was written durable. */
  sync(): Promise<void>;
  /** Deletes the files that lie wholly before `position`. One that cannot be deleted only takes room: the next call tries again. */
  dropBefore(position: number): Promise<void>;
  close(): Promise<void>;
}

const FILE_BYTES = 64 * 2 ** 20;
/** Files that are open at once: whoever reads all of a long log would use up what a process may have. */
const MAX_DESCRIPTORS = 256;
const NAME_DIGITS = 9; // of 2^53 bytes in files of 2^26

interface Files {
  readonly folder: string;
  /** Numbers of the files that exist. */
  readonly numbers: Set<number>;
  /** Descriptors of those that were used, in the order in which they were opened. */
  readonly descriptors: Map<number, number>;
  /** Files with writes that are not durable. */
  readonly dirty: Set<number>;
  /** Whether a file was made whose name is not durable. */
  isFolderDirty: boolean;
}

/** Opens the log in `folder`, which is made with the first file. One process at a time. */
export async function openLogFiles(folder: string): Promise<LogFiles> {
  const names = await readdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return [];
    throw error;
  });
  const numbers = new Set(names.filter((name) => /^\d+\.log$/.test(name)).map((name) => Number.parseInt(name, 10)));
  const files: Files = { folder, numbers, descriptors: new Map(), dirty: new Set(), isFolderDirty: false };
  const last = Math.max(...numbers);
  return {
    end: numbers.size === 0 ? 0 : last * FILE_BYTES + (await stat(pathOf(files, last))).size,
    read: (position, target) => read(files, position, target),
    write: (writes) => write(files, writes),
    sync: () => sync(files),
    dropBefore: (position) => dropBefore(files, position),
    async close() {
      for (const descriptor of files.descriptors.values()) await promisify(close)(descriptor);
    },
  };
}

function read(files: Files, position: number, target: Uint8Array): boolean {
  for (let done = 0; done < target.length; ) {
    const number = Math.floor((position + done) / FILE_BYTES);
    if (!files.numbers.has(number)) return false;
    const at = (position + done) % FILE_BYTES;
    const count = readSync(descriptorOf(files, number), target, done, Math.min(target.length - done, FILE_BYTES - at), at);
    if (count === 0) return false;
    done += count;
  }
  return true;
}

async function write(files: Files, writes: readonly LogWrite[]): Promise<void> {
  for (const { number, at, parts } of runsOf(writes)) {
    if (!files.numbers.has(number)) await makeFile(files, number);
    files.dirty.add(number);
    writeAll(descriptorOf(files, number), parts, at);
  }
}

/** Bytes that follow each other in one file. */
interface Run {
  readonly number: number;
  readonly at: number;
  readonly parts: Uint8Array[];
  end: number;
}

function runsOf(writes: readonly LogWrite[]): Run[] {
  const runs: Run[] = [];
  for (const { position, bytes } of writes) {
    for (let from = 0, to = 0; from < bytes.length; from = to) {
      const number = Math.floor((position + from) / FILE_BYTES);
      const at = (position + from) % FILE_BYTES;
      to = Math.min(bytes.length, from + FILE_BYTES - at);
      const last = runs.at(-1);
      const run = last?.number === number && last.end === at ? last : { number, at, parts: [], end: at };
      if (run !== last) runs.push(run);
      run.parts.push(bytes.subarray(from, to));
      run.end += to - from;
    }
  }
  return runs;
}

async function makeFile(files: Files, number: number): Promise<void> {
  await makeFolderDurably(files.folder);
  files.numbers.add(number);
  files.isFolderDirty = true;
}

/**
 * Copies into the operating system's memory, which takes less time than a turn of the event loop to hear of its end. It may take less than it
 * was given, which it does before it says that the disk is full.
 */
function writeAll(descriptor: number, parts: readonly Uint8Array[], start: number): void {
  let rest = parts;
  for (let at = start; rest.length > 0; ) {
    const bytesWritten = writevSync(descriptor, rest, at);
    at += bytesWritten;
    rest = without(rest, bytesWritten);
  }
}

function without(parts: readonly Uint8Array[], bytes: number): Uint8Array[] {
  let left = bytes;
  return parts.flatMap((part) => {
    const skipped = Math.min(left, part.length);
    left -= skipped;
    return skipped === part.length ? [] : [part.subarray(skipped)];
  });
}

async function sync(files: Files): Promise<void> {
  const { dirty, folder } = files;
  for (const number of [...dirty]) {
    await promisify(fdatasync)(descriptorOf(files, number));
    dirty.delete(number);
  }
  if (!files.isFolderDirty) return;
  files.isFolderDirty = false;
  await syncFolder(folder);
}

async function dropBefore(files: Files, position: number): Promise<void> {
  const first = Math.floor(position / FILE_BYTES);
  for (const number of [...files.numbers].filter((one) => one < first)) {
    const descriptor = files.descriptors.get(number);
    files.descriptors.delete(number);
    files.numbers.delete(number);
    try {
      if (descriptor !== undefined) closeSync(descriptor);
      await unlink(pathOf(files, number));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "ENOENT") files.numbers.add(number);
    }
  }
}

function descriptorOf(files: Files, number: number): number {
  const known = files.descriptors.get(number);
  if (known !== undefined) return known;
  if (files.descriptors.size >= MAX_DESCRIPTORS) closeOldest(files);
  const descriptor = openSync(pathOf(files, number), constants.O_RDWR | constants.O_CREAT, 0o600);
  files.descriptors.set(number, descriptor);
  return descriptor;
}

/** Of a file that is not being made durable. */
function closeOldest({ descriptors, dirty }: Files): void {
  for (const [number, descriptor] of descriptors) {
    if (dirty.has(number)) continue;
    closeSync(descriptor);
    descriptors.delete(number);
    return;
  }
}

function pathOf({ folder }: Files, number: number): string {
  return join(folder, `${String(number).padStart(NAME_DIGITS, "0")}.log`);
}
