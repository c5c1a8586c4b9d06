import { equalBytes } from "../crypto/bytes.ts";
import { merkleRoot, type Sha256 } from "../crypto/rfc6962.ts";
import { type BlockId, partSetHeader } from "./block-id.ts";
import { Commit, commitHash } from "./commit.ts";
import { dataHash } from "./data.ts";
import { Evidence, evidenceContent } from "./evidence.ts";
import { Header, headerHash } from "./header.ts";
import { base64Bytes } from "./kinds.ts";
import { many, message, one, type ValueOf } from "./message.ts";

/** A block of CometBFT's largest size, 100 MiB, holds no more and no larger transactions. */
const MAX_TX_SIZE = 104_857_600;
const MAX_TXS = MAX_TX_SIZE / 2;
const MAX_EVIDENCE = 65_536;

const Data = message({
  txs: many(1, "txs", base64Bytes(MAX_TX_SIZE), MAX_TXS),
});

const EvidenceList = message({
  evidence: many(1, "evidence", Evidence, MAX_EVIDENCE),
});

/** A block: its header, transactions, evidence of misbehaviour, and the commit of the block before. */
export const Block = message({
  header: one(1, "header", Header),
  data: one(2, "data", Data),
  evidence: one(3, "evidence", EvidenceList),
  lastCommit: one(4, "last_commit", Commit),
});
export type Block = ValueOf<typeof Block>;

/** The id that a commit names: hash of the header, and parts of `bytes` = `Block.encode(block)`. */
export function blockId(header: Header, bytes: Uint8Array, sha256: Sha256): BlockId {
  return { hash: headerHash(header, sha256), parts: partSetHeader(bytes, sha256) };
}

/** `evidenceHash` of a header: RFC 6962 root over the evidence messages without their oneof wrapper (cometbft `EvidenceList.Hash`). */
export function evidenceHash(evidence: readonly Uint8Array[], sha256: Sha256): Uint8Array {
  return merkleRoot(evidence.map(evidenceContent), sha256);
}

/** Which part of a block is not the one its header names, or undefined for a block that holds together. */
export function blockFault({ header, data, evidence, lastCommit }: Block, sha256: Sha256): "data" | "evidence" | "last-commit" | undefined {
  if (!equalBytes(header.lastCommitHash, commitHash(lastCommit, sha256))) return "last-commit";
  if (!equalBytes(header.dataHash, dataHash(data.txs, sha256))) return "data";
  if (!equalBytes(header.evidenceHash, evidenceHash(evidence.evidence, sha256))) return "evidence";
  return undefined;
}
