import { eventsRoot } from "@galen/ledger/app/events";
import type { Genesis } from "@galen/ledger/app/genesis";
import { Block } from "@galen/ledger/block/block";
import { equalBlockIds } from "@galen/ledger/block/block-id";
import type { Commit } from "@galen/ledger/block/commit";
import { Header } from "@galen/ledger/block/header";
import { compareTimestamps } from "@galen/ledger/block/timestamp";
import { commitFault } from "@galen/ledger/block/verify-commit";
import { equalBytes } from "@galen/ledger/crypto/bytes";
import { bytesToHex } from "@galen/ledger/crypto/hex";
import type { CryptoProvider } from "@galen/ledger/crypto/provider";
import { SchemaError } from "@galen/ledger/schema/schema-error";
import { ChainError, missingBlock } from "./chain-error.ts";
import type { ChainStore } from "./chain-store.ts";
import { type Proposal, proposeBlock, voteTime } from "./proposal.ts";
import { advanceTip, genesisTip, type Tip } from "./tip.ts";

/**
 * Checks every stored block from the first to `height`: that it is, byte for byte, the block that follows the one before, and that the
 * validators of its height signed it. Yields after each; throws ChainError at the first that fails. It executes nothing: `replayChain` does.
 */
export async function* verifyChain(options: {
  readonly store: ChainStore;
  readonly genesis: Genesis;
  readonly crypto: CryptoProvider;
  readonly height: number;
}): AsyncIterable<{ readonly height: number; readonly blockHash: Uint8Array }> {
  const { store, genesis, crypto } = options;
  let tip = storedGenesisTip(store, genesis, crypto);
  while (tip.height < options.height) {
    tip = await verifyStoredBlock(store, tip, crypto);
    yield { height: tip.height, blockHash: tip.blockId.hash };
  }
}

/** The tip before the first block. The state's root is the one that the first header names; executing the chain again proves it. */
export function storedGenesisTip(store: ChainStore, genesis: Genesis, crypto: CryptoProvider): Tip {
  try {
    const first = store.signedHeader(1);
    if (!first) throw missingBlock(1);
    return genesisTip(genesis, first.header.appHash, crypto.sha256);
  } catch (error) {
    throw asChainError(error, 1);
  }
}

/** Verifies the stored block that follows `tip` and gives the tip after it. Throws ChainError. */
export async function verifyStoredBlock(store: ChainStore, tip: Tip, crypto: CryptoProvider): Promise<Tip> {
  const height = tip.height + 1;
  try {
    const [bytes, signed, record] = [store.blockBytes(height), store.signedHeader(height), store.record(height)];
    if (!bytes || !signed || !record) throw missingBlock(height);
    const { header } = requireNextBlock(tip, bytes, signed.commit, crypto);
    if (!equalBytes(Header.encode(header), Header.encode(signed.header))) throw altered(height);
    for (const { code, data, events } of record.txResults) {
      if (code === 0 && !equalBytes(data, eventsRoot(events, crypto))) throw altered(height);
    }

    const next = advanceTip(tip, signed, record, crypto.sha256);
    await requireStoredValidators(store, height + 1, next.validators);
    return next;
  } catch (error) {
    throw asChainError(error, height);
  }
}

/** The block in `bytes`, provided that it is the one that follows `tip` and that `commit` makes it final. Throws ChainError, or SchemaError. */
export function requireNextBlock(tip: Tip, bytes: Uint8Array, commit: Commit, crypto: CryptoProvider): Proposal {
  const height = tip.height + 1;
  const txs = Block.decode(bytes).data.txs.map((tx) => ({ bytes: tx, txHash: bytesToHex(crypto.sha256(tx)) }));
  const proposal = proposeBlock(tip, txs, crypto.sha256);
  if (!equalBytes(proposal.bytes, bytes)) throw altered(height);

  const fault = commitFault(tip.chainId, commit, tip.validators, crypto);
  const isForBlock = commit.height === height && equalBlockIds(commit.blockId, proposal.id);
  if (fault !== undefined || !isForBlock) {
    throw new ChainError(
      "CommitInvalid",
      `block ${height} is not signed by its validators (${fault ?? "another block"}); restore a backup`,
    );
  }
  const { timestamp } = commit.signatures[0]!;
  if (compareTimestamps(voteTime(proposal.header.time, timestamp), timestamp) !== 0) {
    throw new ChainError("CommitInvalid", `block ${height} was signed before its own time; restore a backup`);
  }
  return proposal;
}

async function requireStoredValidators(store: ChainStore, height: number, set: Tip["validators"]): Promise<void> {
  const stored = await store.validators(height);
  const isSame =
    stored?.length === set.length &&
    set.every(({ publicKey, power }, at) => equalBytes(publicKey, stored[at]!.publicKey) && power === stored[at]!.power);
  if (!isSame)
    throw new ChainError("BlockAltered", `the validators stored for height ${height} are not those of the chain; restore a backup`);
}

/** What no longer decodes was altered. */
function asChainError(error: unknown, height: number): unknown {
  return error instanceof SchemaError ? altered(height) : error;
}

function altered(height: number): ChainError {
  return new ChainError("BlockAltered", `block ${height} is not the one that follows the block before it; restore a backup`);
}
