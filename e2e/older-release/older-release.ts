/** Environment of a process, and of those that it starts, in which it is a release whose newest ledger version is `newest`. */
export function olderRelease(newest: number): Readonly<Record<string, string>> {
  return { NEWEST_LEDGER_VERSION: String(newest), NODE_OPTIONS: `--import=${new URL("preload.ts", import.meta.url).href}` };
}

/** What a node says that lacks a ledger version. */
export function missingVersion(version: number): string {
  return `program has no ledger version ${version}; install the release that brings it before the network reaches it`;
}
