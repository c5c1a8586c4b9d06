import type { Ledger, Block as LedgerBlock } from "@galen/ledger/app/ledger";
import { resultsHash } from "@galen/ledger/block/results";
import { toMilliseconds } from "@galen/ledger/block/timestamp";
import { equalBytes } from "@galen/ledger/crypto/bytes";
import type { CryptoProvider } from "@galen/ledger/crypto/provider";
import { blockFacts } from "./block-facts.ts";
import { missingBlock } from "./chain-error.ts";
import type { ChainStore } from "./chain-store.ts";
import { consensusResult } from "./tip.ts";

/** What executing a block commits the next header to. */
export interface Commitments {
  readonly appHash: Uint8Array;
  readonly resultsHash: Uint8Array;
}

/** One block executed again, beside what the chain says. */
export interface ReplayedBlock extends Commitments {
  readonly height: number;
  readonly expected: Commitments;
  readonly isEqual: boolean;
}

/**
 * Executes all stored blocks up to `height` again, on a ledger founded from the same genesis document over an empty store, and compares the
 * state's root and the results at every height with those that the following header names. Yields every block, equal or not.
 */
export async function* replayChain(options: {
  readonly store: ChainStore;
  readonly crypto: CryptoProvider;
  readonly height: number;
  readonly openFreshLedger: () => Promise<Ledger>;
}): AsyncIterable<ReplayedBlock> {
  const { store, crypto } = options;
  const ledger = await options.openFreshLedger();
  while (ledger.height < options.height) {
    const height = ledger.height + 1;
    const { appHash, txResults } = ledger.finalizeBlock(await storedBlock(store, height, crypto));
    await ledger.commit();
    const replayed = { appHash, resultsHash: resultsHash(txResults.map(consensusResult), crypto.sha256) };
    const expected = expectedAfter(store, height, crypto);
    const isEqual = equalBytes(replayed.appHash, expected.appHash) && equalBytes(replayed.resultsHash, expected.resultsHash);
    yield { height, ...replayed, expected, isEqual };
  }
}

/** A block as the ledger was given it when it was new. */
async function storedBlock(store: ChainStore, height: number, crypto: CryptoProvider): Promise<LedgerBlock> {
  const [block, signed] = [store.block(height), store.signedHeader(height)];
  const lastValidators = height === 1 ? [] : await store.validators(height - 1);
  if (!block || !signed || !lastValidators) throw missingBlock(height);
  const { lastCommit, evidence } = block;
  const source = { blockHash: signed.commit.blockId.hash, lastCommit, evidence: evidence.evidence, lastValidators };
  const facts = blockFacts(source, crypto.sha256);
  return { ...facts, height, time: toMilliseconds(block.header.time), txs: block.data.txs };
}

/** From the header that follows; for the last block, which has none yet, from what the engine kept of its execution. */
function expectedAfter(store: ChainStore, height: number, crypto: CryptoProvider): Commitments {
  const next = store.signedHeader(height + 1);
  if (next) return { appHash: next.header.appHash, resultsHash: next.header.lastResultsHash };
  const { appHash, txResults } = store.record(height)!;
  return { appHash, resultsHash: resultsHash(txResults.map(consensusResult), crypto.sha256) };
}
