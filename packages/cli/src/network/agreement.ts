import { type Header, headerHash } from "@galen/ledger/block/header";
import { bytesToHex } from "@galen/ledger/crypto/hex";
import { nativeCrypto } from "@galen/node/crypto/native";

/** What all nodes that answer say of the last height that all of them have reached. */
export interface Agreement {
  readonly height: number;
  /** Whether those that hold its block have the same state there. */
  readonly isSame: boolean;
  /** Whether all hold it; one that began from a snapshot after it does not. */
  readonly isWhole: boolean;
  /** Hash of its header, hexadecimal, by which a node may begin from a snapshot; undefined unless all give the same. */
  readonly headerHash: string | undefined;
}

/** Compares what each node gives as the header of a block; undefined where a node does not hold it, and as a whole where none does. */
export function agreementOf(height: number, headers: readonly (Header | undefined)[]): Agreement | undefined {
  const held = headers.filter((header) => header !== undefined);
  if (held.length === 0) return undefined;
  const states = new Set(held.map(({ appHash }) => bytesToHex(appHash)));
  const hashes = new Set(held.map((header) => bytesToHex(headerHash(header, nativeCrypto.sha256)).toUpperCase()));
  const isWhole = held.length === headers.length;
  return { height, isSame: states.size === 1, isWhole, headerHash: isWhole && hashes.size === 1 ? [...hashes][0] : undefined };
}

/** The agreement in words. */
export function agreementText({ height, isSame, isWhole }: Agreement): string {
  return `${isSame ? "the same" : "NOT THE SAME"} ${isWhole ? "everywhere" : "where its block is held"} at height ${height}`;
}
