import { bytesToHex } from "../../crypto/hex.ts";
import type { CryptoProvider } from "../../crypto/provider.ts";
import { encodeUtf8 } from "../../crypto/utf8.ts";
import type { Release } from "./schema.ts";

/** One answer of a custodian. Each entry's hash covers the one before, so that none can be taken out or changed unseen. */
export interface ServedEntry {
  readonly number: number;
  readonly releaseId: string;
  readonly reader: string;
  readonly epoch: number;
  /** Height of the ledger when it was served. */
  readonly height: number;
  /** Hash of the entry before; 64 zeros for the first. */
  readonly previous: string;
  readonly hash: string;
}

const START = "0".repeat(64);

/** The entry that follows `last`. */
export function nextEntry(
  last: ServedEntry | undefined,
  served: Pick<ServedEntry, "releaseId" | "reader" | "epoch" | "height">,
  crypto: Pick<CryptoProvider, "sha256">,
): ServedEntry {
  const entry = { number: last ? last.number + 1 : 0, ...served, previous: last?.hash ?? START };
  return { ...entry, hash: entryHash(entry, crypto) };
}

function entryHash(entry: Omit<ServedEntry, "hash">, crypto: Pick<CryptoProvider, "sha256">): string {
  const { number, releaseId, reader, epoch, height, previous } = entry;
  return bytesToHex(crypto.sha256(encodeUtf8(["galen/served/1", number, releaseId, reader, epoch, height, previous].join("\n"))!));
}

/** What can be wrong with an entry of a custodian's log. */
export type ServedFault = "log-altered" | "no-release" | "refused-release" | "other-reader" | "served-before-commit";

/** What is wrong with an entry that stands behind `before`, given the ledger's release of its id; undefined for a clean one. */
export function servedFault(
  entry: ServedEntry,
  { before, release }: { readonly before: ServedEntry | undefined; readonly release: Release | undefined },
  crypto: Pick<CryptoProvider, "sha256">,
): ServedFault | undefined {
  const due = nextEntry(before, entry, crypto);
  if (entry.number !== due.number || entry.previous !== due.previous || entry.hash !== due.hash) return "log-altered";
  if (!release) return "no-release";
  if (release.outcome.kind !== "released") return "refused-release";
  if (release.reader !== entry.reader) return "other-reader";
  return entry.height < release.height ? "served-before-commit" : undefined;
}
