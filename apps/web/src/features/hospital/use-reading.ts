import { useState } from "react";
import type { FoundFile } from "./dropped-files.ts";
import { patientOf, type ReadyFile, type RefusedFile, readBundleFile } from "./read-files.ts";

/** What has become of the files that were dropped. Nothing of them was sent. */
export interface Reading {
  readonly ready: readonly ReadyFile[];
  readonly refused: readonly RefusedFile[];
  /** Files that are being read. */
  readonly waiting: number;
  /** Whether the last drop held no file. */
  readonly isEmpty: boolean;
  /** The device could not read a file at all. */
  readonly error: unknown;
}

const NOTHING: Reading = { ready: [], refused: [], waiting: 0, isEmpty: false, error: undefined };

export function useReading() {
  const [reading, setReading] = useState<Reading>(NOTHING);

  /** Reads one file after the other, so that a folder of large ones does not fill the memory. */
  async function take(chosen: Promise<readonly FoundFile[]>): Promise<void> {
    const files = await chosen.catch((error: unknown) => {
      setReading((before) => ({ ...before, error }));
    });
    if (!files) return;
    setReading((before) => ({ ...before, waiting: files.length, isEmpty: files.length === 0, error: undefined }));
    for (const file of files) {
      try {
        const read = await readBundleFile(file);
        setReading((before) => withFile(before, read));
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

/** A file that is dropped again takes the place of the first. */
function withFile({ ready, refused, waiting, ...rest }: Reading, read: ReadyFile | RefusedFile): Reading {
  const others = { ready: ready.filter(({ file }) => file !== read.file), refused: refused.filter(({ file }) => file !== read.file) };
  const after = read.kind === "ready" ? { ...others, ready: [...others.ready, read] } : { ...others, refused: [...others.refused, read] };
  return { ...rest, ...after, waiting: waiting - 1 };
}
