import { useState } from "react";
import type { Found } from "./dropped-files.ts";
import { patientOf, type ReadyFile, type RefusedFile, readBundleFile } from "./read-files.ts";
import { withFile } from "./with-file.ts";

/** What has become of the files that were dropped. Nothing of them was sent. */
export interface Reading {
  readonly ready: readonly ReadyFile[];
  readonly refused: readonly RefusedFile[];
  /** Files that are being read. */
  readonly waiting: number;
  /** Whether the last drop held no file. */
  readonly isEmpty: boolean;
  /** How many files of the last drop were more than are taken at once. */
  readonly leftOut: number;
  /** The device could not read a file at all. */
  readonly error: unknown;
}

const NOTHING: Reading = { ready: [], refused: [], waiting: 0, isEmpty: false, leftOut: 0, error: undefined };

export function useReading() {
  const [reading, setReading] = useState<Reading>(NOTHING);

  /** Reads one file after the other, so that a folder of large ones does not fill the memory. */
  async function take(chosen: Promise<Found>): Promise<void> {
    const found = await chosen.catch((error: unknown) => {
      setReading((before) => ({ ...before, error }));
    });
    if (!found) return;
    const { files, leftOut } = found;
    setReading((before) => ({ ...before, waiting: files.length, isEmpty: files.length === 0, leftOut, error: undefined }));
    for (const file of files) {
      try {
        const read = await readBundleFile(file);
        setReading((before) => ({ ...before, ...withFile(before, read), waiting: before.waiting - 1 }));
      } catch (error) {
        setReading((before) => ({ ...before, waiting: before.waiting - 1, error }));
      }
    }
  }

  function leaveOut(identity: string): void {
    setReading((before) => ({ ...before, ready: before.ready.filter((file) => patientOf(file) !== identity) }));
  }

  return { reading, take, leaveOut, clear: () => setReading(NOTHING) };
}
