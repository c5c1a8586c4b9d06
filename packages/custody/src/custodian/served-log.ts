import type { ReadContext } from "@galen/ledger/app/context";
import { bytesToHex } from "@galen/ledger/crypto/hex";
import type { CryptoProvider } from "@galen/ledger/crypto/provider";
import { encodeUtf8 } from "@galen/ledger/crypto/utf8";
import { releases } from "@galen/ledger/modules/vault/state";

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

/** Where the log is kept: append only. */
export interface ServedLogPort {
  last(): Promise<ServedEntry | undefined>;
  /** Resolves when the entry is durable. Called one at a time. */
  append(entry: ServedEntry): Promise<void>;
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

/** What an audit finds wrong with an entry. */
export interface ServedFinding {
  readonly number: number;
  readonly fault: "log-altered" | "no-release" | "refused-release" | "other-reader" | "served-before-commit";
}

/** Compares a custodian's log with the ledger: every answer must follow a committed release to the same reader. An empty list is a clean log. */
export function auditServed(ctx: ReadContext, entries: readonly ServedEntry[]): ServedFinding[] {
  return entries.flatMap((entry, position) => {
    const previous = entries[position - 1]?.hash ?? START;
    const isIntact = entry.number === position && entry.previous === previous && entry.hash === entryHash(entry, ctx.crypto);
    const fault = isIntact ? releaseFault(ctx, entry) : "log-altered";
    return fault ? [{ number: position, fault }] : [];
  });
}

function releaseFault(ctx: ReadContext, { releaseId, reader, height }: ServedEntry): ServedFinding["fault"] | undefined {
  const release = releases.get(ctx, releaseId);
  if (!release) return "no-release";
  if (release.outcome.kind !== "released") return "refused-release";
  if (release.reader !== reader) return "other-reader";
  return height < release.height ? "served-before-commit" : undefined;
}
