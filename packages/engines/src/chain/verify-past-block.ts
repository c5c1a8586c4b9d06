import { eventsRoot } from "@galen/ledger/app/events";
import type { Genesis } from "@galen/ledger/app/genesis";
import { Block, blockFault } from "@galen/ledger/block/block";
import type { Commit } from "@galen/ledger/block/commit";
import type { Header } from "@galen/ledger/block/header";
import { consensusHash } from "@galen/ledger/block/params";
import { resultsHash } from "@galen/ledger/block/results";
import { type Validator, validatorsHash } from "@galen/ledger/block/validator";
import { equalBytes } from "@galen/ledger/crypto/bytes";
import { bytesToHex } from "@galen/ledger/crypto/hex";
import type { CryptoProvider } from "@galen/ledger/crypto/provider";
import type { Sha256 } from "@galen/ledger/crypto/rfc6962";
import type { BlockRecord } from "./block-record.ts";
import { ChainError } from "./chain-error.ts";
import type { ChainStore, PastBlock } from "./chain-store.ts";
import { isIdOf } from "./signed-id.ts";
import { consensusResult, updateValidators } from "./tip.ts";

/** A block that is known to be the chain's, with the set that decided on it. */
export interface KnownBlock {
  readonly block: Block;
  readonly validators: readonly Validator[];
}

/** What somebody says that the block before a known one was. */
export interface ClaimedBlock {
  readonly bytes: Uint8Array;
  readonly recordBytes: Uint8Array;
  readonly validators: readonly Validator[];
}

/**
 * The block before `next`, verified by it: its content by the id that the next header names, its commit by being part of the next block, its validators,
 * results and the state after it by the headers' hashes, the events of its transactions by their results. That leaves what no header commits to: events outside
 * transactions, and the words of refusals. Throws ChainError, or SchemaError.
 */
export function verifyPastBlock(
  next: KnownBlock,
  { bytes, recordBytes, validators }: ClaimedBlock,
  { store, crypto }: { readonly store: Pick<ChainStore, "decodeRecord">; readonly crypto: CryptoProvider },
): PastBlock & KnownBlock {
  const { sha256 } = crypto;
  const { header: after, lastCommit: commit } = next.block;
  const block = Block.decode(bytes);
  const { header, data } = block;
  const isBefore = header.height === after.height - 1 && isIdOf(after.lastBlockId, { block, bytes, validators }, crypto);
  if (!isBefore || blockFault(block, sha256) !== undefined) throw otherBlock(after.height - 1);
  if (!equalBytes(validatorsHash(validators, sha256), header.validatorsHash)) throw otherBlock(header.height);
  const record = store.decodeRecord(recordBytes, header.version.app);
  const isRecord = record.txResults.length === data.txs.length && isCommittedTo(record, after, next.validators, sha256);
  if (!isRecord || !record.txResults.every((result) => holdsTogether(result, crypto))) throw otherBlock(header.height);
  const txs = data.txs.map((tx) => ({ bytes: tx, txHash: bytesToHex(sha256(tx)) }));
  return { header, block, commit, bytes, txs, recordBytes, validators };
}

/**
 * The last block of the chain that a network goes on from, which no block follows: by the id that `commit` signs, and by the state after it, which the genesis
 * document names. Throws ChainError, or SchemaError.
 */
export function verifyEnd(
  { chainId, height, appHash }: NonNullable<Genesis["predecessor"]>,
  commit: Commit,
  { bytes, recordBytes, validators }: ClaimedBlock,
  { store, crypto }: { readonly store: Pick<ChainStore, "decodeRecord">; readonly crypto: CryptoProvider },
): KnownBlock {
  const block = Block.decode(bytes);
  const { header, data } = block;
  const isEnd = header.chainId === chainId && header.height === height && isIdOf(commit.blockId, { block, bytes, validators }, crypto);
  if (!isEnd || blockFault(block, crypto.sha256) !== undefined) throw otherBlock(height);
  if (!equalBytes(validatorsHash(validators, crypto.sha256), header.validatorsHash)) throw otherBlock(height);
  const { appHash: after, txResults } = store.decodeRecord(recordBytes, header.version.app);
  const isRecord = bytesToHex(after) === appHash && txResults.length === data.txs.length;
  if (!isRecord || !txResults.every((result) => holdsTogether(result, crypto))) throw otherBlock(height);
  return { block, validators };
}

/** Whether the next header follows from what the block did. */
function isCommittedTo(record: BlockRecord, after: Header, nextSet: readonly Validator[], sha256: Sha256): boolean {
  return (
    equalBytes(record.appHash, after.appHash) &&
    record.appVersion === after.version.app &&
    equalBytes(consensusHash({ maxBytes: record.maxBlockBytes, maxGas: -1 }, sha256), after.consensusHash) &&
    equalBytes(resultsHash(record.txResults.map(consensusResult), sha256), after.lastResultsHash) &&
    equalBytes(validatorsHash(updateValidators(nextSet, record.validatorUpdates, sha256), sha256), after.nextValidatorsHash)
  );
}

function holdsTogether({ code, data, events, refusal }: BlockRecord["txResults"][number], crypto: CryptoProvider): boolean {
  if (code !== 0) return refusal !== undefined && events.length === 0 && data.length === 0;
  return refusal === undefined && equalBytes(data, eventsRoot(events, crypto));
}

function otherBlock(height: number): ChainError {
  return new ChainError("BlockAltered", `block ${height} is not the one that the block after it follows`);
}
