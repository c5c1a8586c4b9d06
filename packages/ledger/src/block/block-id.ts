import { equalBytes } from "../crypto/bytes.ts";
import { merkleRoot, type Sha256 } from "../crypto/rfc6962.ts";
import { hash, int32 } from "./kinds.ts";
import { type Message, message, one, type ValueOf } from "./message.ts";

const PART_SIZE = 65_536;
/** An uint32, which CometBFT takes whole: a vote for more parts than any block has is still evidence. */
const MAX_PARTS = 2 ** 32 - 1;

/** How a block's bytes were cut for gossip: number of parts and the Merkle root over them. */
export const PartSetHeader = message({
  total: one(1, "total", int32(MAX_PARTS)),
  hash: one(2, "hash", hash),
});
export type PartSetHeader = ValueOf<typeof PartSetHeader>;

const wire = message({
  hash: one(1, "hash", hash),
  parts: one(2, ["parts", "part_set_header"], PartSetHeader),
});

/** Names a block by the hash of its header and the root over its bytes. */
export type BlockId = ValueOf<typeof wire>;

const NO_HASH = new Uint8Array(0);

/** The id of no block: what the first block follows, and what a vote for nil names. */
export const zeroBlockId: BlockId = { hash: NO_HASH, parts: { total: 0, hash: NO_HASH } };

export const BlockId: Message<BlockId> = { ...wire, fromJson: (json) => (json === null ? zeroBlockId : wire.fromJson(json)) };

/** True for the id of no block. */
export function isZeroBlockId(id: BlockId): boolean {
  return equalBlockIds(id, zeroBlockId);
}

/** True if both name the same block. */
export function equalBlockIds(a: BlockId, b: BlockId): boolean {
  return equalBytes(a.hash, b.hash) && a.parts.total === b.parts.total && equalBytes(a.parts.hash, b.parts.hash);
}

/** Number of 64 KiB parts of a block's bytes and their RFC 6962 root (cometbft types/part_set.go). */
export function partSetHeader(blockBytes: Uint8Array, sha256: Sha256): PartSetHeader {
  const parts: Uint8Array[] = [];
  for (let at = 0; at < blockBytes.length; at += PART_SIZE) parts.push(blockBytes.subarray(at, at + PART_SIZE));
  return { total: parts.length, hash: merkleRoot(parts, sha256) };
}
