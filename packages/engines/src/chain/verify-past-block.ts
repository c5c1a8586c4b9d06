import { eventsRoot } from "@galen/ledger/app/events";
import type { Genesis } from "@galen/ledger/app/genesis";
import { Block, blockFault } from "@galen/ledger/block/block";
import type { BlockId } from "@galen/ledger/block/block-id";
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
export function verifyPastBlock(next: KnownBlock, claimed: ClaimedBlock, means: Means): PastBlock & KnownBlock {
  const { header: after, lastCommit: commit } = next.block;
  const height = after.height - 1;
  const { sha256 } = means.crypto;
  const { block, record } = identify({ id: after.lastBlockId, height }, claimed, means);
  if (!isCommittedTo(record, after, next.validators, sha256)) throw otherBlock(height);
  const txs = block.data.txs.map((tx) => ({ bytes: tx, txHash: bytesToHex(sha256(tx)) }));
  return { ...claimed, header: block.header, block, record, commit, txs };
}

/**
 * The last block of the chain that a network goes on from, which no block follows: by the id that `commit` signs, and by the state after it, which the genesis
 * document names. Throws ChainError, or SchemaError.
 */
export function verifyEnd(
  { chainId, height, appHash }: NonNullable<Genesis["predecessor"]>,
  commit: Commit,
  claimed: ClaimedBlock,
  means: Means,
): KnownBlock {
  const { block, record } = identify({ id: commit.blockId, height }, claimed, means);
  if (block.header.chainId !== chainId || bytesToHex(record.appHash) !== appHash) throw otherBlock(height);
  return { block, validators: claimed.validators };
}

interface Means {
  readonly store: Pick<ChainStore, "decodeRecord">;
  readonly crypto: CryptoProvider;
}

/** The block of an id, and what executing it gave, as far as it shows by itself that it belongs to the block. */
function identify(
  { id, height }: { readonly id: BlockId; readonly height: number },
  { bytes, recordBytes, validators }: ClaimedBlock,
  { store, crypto }: Means,
): { readonly block: Block; readonly record: BlockRecord } {
  const block = Block.decode(bytes);
  const { header, data } = block;
  const isIt = header.height === height && isIdOf(id, { block, bytes, validators }, crypto);
  if (!isIt || blockFault(block, crypto.sha256) !== undefined) throw otherBlock(height);
  if (!equalBytes(validatorsHash(validators, crypto.sha256), header.validatorsHash)) throw otherBlock(height);
  const record = store.decodeRecord(recordBytes, header.version.app);
  const isOfBlock = record.txResults.length === data.txs.length && record.txResults.every((result) => holdsTogether(result, crypto));
  if (!isOfBlock) throw otherBlock(height);
  return { block, record };
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
