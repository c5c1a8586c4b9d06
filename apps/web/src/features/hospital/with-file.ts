import type { ReadyFile, RefusedFile } from "./read-files.ts";

interface ReadFiles {
  readonly ready: readonly ReadyFile[];
  readonly refused: readonly RefusedFile[];
}

/**
 * The files with another one. One that comes again takes the place of the first, and so does one for a refused one, which was corrected. What has only its path in
 * common with another, as files of two folders may, stands beside it under a number.
 */
export function withFile({ ready, refused }: ReadFiles, read: ReadyFile | RefusedFile): ReadFiles {
  const others = {
    ready: ready.filter(({ path, version }) => path !== read.path || version !== read.version),
    refused: refused.filter(({ path }) => path !== read.path),
  };
  const taken = new Set([...others.ready, ...others.refused].map(({ file }) => file));
  const named = { ...read, file: freeName(read.path, taken) };
  return named.kind === "ready" ? { ...others, ready: [...others.ready, named] } : { ...others, refused: [...others.refused, named] };
}

function freeName(path: string, taken: ReadonlySet<string>): string {
  let name = path;
  for (let number = 2; taken.has(name); number += 1) name = `${path} (${number})`;
  return name;
}
