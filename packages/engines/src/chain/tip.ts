import { type Genesis, initialHeight } from "@galen/ledger/app/genesis";
import type { FinalizedBlock } from "@galen/ledger/app/ledger";
import { type BlockId, zeroBlockId } from "@galen/ledger/block/block-id";
import { type Commit, emptyCommit } from "@galen/ledger/block/commit";
import type { Header } from "@galen/ledger/block/header";
import { resultsHash } from "@galen/ledger/block/results";
import { fromMilliseconds, type Timestamp } from "@galen/ledger/block/timestamp";
import { orderValidators, type Validator } from "@galen/ledger/block/validator";
import { equalBytes } from "@galen/ledger/crypto/bytes";
import { hexToBytes } from "@galen/ledger/crypto/hex";
import type { Sha256 } from "@galen/ledger/crypto/rfc6962";

/** The end of a chain: all that the next block follows from, except its transactions (CometBFT's `state.State`). */
export interface Tip {
  readonly chainId: string;
  /** Before the first block one below the chain's initial height: 0, unless it goes on from another. */
  readonly height: number;
  /** Undefined before the first block. */
  readonly header: Header | undefined;
  readonly blockId: BlockId;
  /** What made the block at `height` final; the next block carries it. */
  readonly commit: Commit;
  /** Time of the next block. */
  readonly nextTime: Timestamp;
  /** State after `height`; the next header commits to it. */
  readonly appHash: Uint8Array;
  readonly lastResultsHash: Uint8Array;
  /** Whether the block had transactions, whose results the next header commits to. */
  readonly hasResults: boolean;
  /** Version that executes the next block. */
  readonly appVersion: number;
  /** Bytes of the next block at most. */
  readonly maxBlockBytes: number;
  /** The set that decided on the block at `height`, in set order; nobody before the first. */
  readonly lastValidators: readonly Validator[];
  /** The set that decides on the next block, in set order. */
  readonly validators: readonly Validator[];
  /** The set of the block after it. */
  readonly nextValidators: readonly Validator[];
}

/** A header and what made it final: all that a light client asks for. */
export interface SignedHeader {
  readonly header: Header;
  readonly commit: Commit;
}

/** What executing a block leaves for the next header. */
export type Outcome = Pick<FinalizedBlock, "appHash" | "appVersion" | "txResults" | "validatorUpdates"> & {
  readonly maxBlockBytes: number;
};

/** The tip of a chain without blocks; `appHash` is the root of the state that it begins with. */
export function genesisTip(genesis: Genesis, appHash: Uint8Array, sha256: Sha256): Tip {
  const validators = updateValidators([], genesis.validators, sha256);
  return {
    chainId: genesis.chainId,
    height: initialHeight(genesis) - 1,
    header: undefined,
    blockId: zeroBlockId,
    commit: emptyCommit,
    nextTime: fromMilliseconds(genesis.genesisTime),
    appHash,
    lastResultsHash: resultsHash([], sha256),
    hasResults: false,
    appVersion: genesis.version,
    maxBlockBytes: genesis.parameters.maxBlockBytes,
    lastValidators: [],
    validators,
    nextValidators: validators,
  };
}

/** The tip after one more block. A change of validators in block H decides on block H + 2 (cometbft state/execution.go updateState). */
export function advanceTip(tip: Tip, { header, commit }: SignedHeader, outcome: Outcome, sha256: Sha256): Tip {
  const nextValidators = updateValidators(tip.nextValidators, outcome.validatorUpdates, sha256);
  const sets = { lastValidators: tip.validators, validators: tip.nextValidators, nextValidators };
  return tipAt({ header, commit }, outcome, sets, sha256);
}

/** The tip at a block, given what it led to, who decided on it, and who decides on the two blocks after it. */
export function tipAt(
  { header, commit }: SignedHeader,
  outcome: Outcome,
  sets: Pick<Tip, "lastValidators" | "validators" | "nextValidators">,
  sha256: Sha256,
): Tip {
  return {
    chainId: header.chainId,
    height: header.height,
    header,
    blockId: commit.blockId,
    commit,
    nextTime: commitTime(commit),
    appHash: outcome.appHash,
    lastResultsHash: resultsHash(outcome.txResults.map(consensusResult), sha256),
    hasResults: outcome.txResults.length > 0,
    appVersion: outcome.appVersion,
    maxBlockBytes: outcome.maxBlockBytes,
    ...sets,
  };
}

/** Whether something that the last block did stands in no header yet, so that nobody could prove it. */
export function awaitsProof({ header, appHash, hasResults }: Tip): boolean {
  return header === undefined || hasResults || !equalBytes(header.appHash, appHash);
}

/** The part of a transaction's result that headers commit to; the ledger knows no gas. */
export function consensusResult({ code, data }: { readonly code: number; readonly data: Uint8Array }) {
  return { code, data, gasWanted: 0, gasUsed: 0 };
}

/** Median time of a commit: of one validator, its own (cometbft types/time `MedianTime`). */
function commitTime({ signatures }: Commit): Timestamp {
  return signatures[0]!.timestamp;
}

/** A set after changes, in set order; power 0 removes. */
export function updateValidators(
  set: readonly Validator[],
  updates: readonly { readonly publicKey: string; readonly power: number }[],
  sha256: Sha256,
): readonly Validator[] {
  if (updates.length === 0) return set;
  const changed = updates.map(({ publicKey, power }) => ({ publicKey: hexToBytes(publicKey)!, power: BigInt(power) }));
  const kept = set.filter((validator) => !changed.some((update) => equalBytes(update.publicKey, validator.publicKey)));
  return orderValidators([...kept, ...changed.filter(({ power }) => power > 0n)], sha256);
}
