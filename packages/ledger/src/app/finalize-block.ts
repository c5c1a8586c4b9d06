import type { Overlay } from "../store/overlay.ts";
import type { PreparedTransaction } from "../tx/prepare.ts";
import type { BlockFacts } from "./block-facts.ts";
import { writeBlockTime } from "./block-record.ts";
import type { BlockContext, WriteContext } from "./context.ts";
import type { LedgerEvent } from "./events.ts";
import { type BlockScope, executeTransaction, refusedResult, type TxResult, writeContext } from "./execute.ts";
import { type Machine, openScope, requireVersion, transactionOf } from "./machine.ts";
import { type Validator, validators } from "./parameters.ts";
import { Refusal } from "./refusal.ts";
import type { Executed } from "./replay-window.ts";
import { isAtSuccession, succeed } from "./succession.ts";
import { completeUpgrade, versionAt } from "./upgrades.ts";

/** A block as the engine hands it over: already ordered, not yet judged. */
export interface Block extends BlockFacts {
  readonly height: number;
  /** Header time in milliseconds since 1970, rounded down. */
  readonly time: number;
  readonly txs: readonly Uint8Array[];
}

/** What a block did. Everything in `txResults[].code/data`, `validatorUpdates`, `appVersion` and `appHash` is part of consensus. */
export interface FinalizedBlock {
  readonly txResults: readonly TxResult[];
  /** Events outside any transaction: what fell due with this block. */
  readonly events: readonly LedgerEvent[];
  /** Changed validators; power 0 removes. */
  readonly validatorUpdates: readonly { readonly publicKey: string; readonly power: number }[];
  /** Version that executes the next block. */
  readonly appVersion: number;
  readonly appHash: Uint8Array;
}

/** A block under way: what fell due has run, and so have the transactions that it has so far. */
export interface OpenBlock {
  readonly scope: BlockScope & { readonly state: Overlay };
  readonly context: WriteContext;
  readonly events: LedgerEvent[];
  /** Who ordered blocks before this one. */
  readonly validators: readonly Validator[];
  readonly txs: Uint8Array[];
  readonly txResults: TxResult[];
  /** Those of the transactions whose bodies count as executed. */
  readonly executed: Executed[];
}

/** The transition `(state, block) -> (state, results)`: what fell due, then the transactions in their order. */
export function executeBlock(machine: Machine, { txs, height, time, hash, votes, misbehavior }: Block): FinalizedBlock {
  const open = beginBlock(machine, { height, time }, { hash, votes, misbehavior });
  for (const bytes of txs) deliver(machine, open, bytes);
  return endBlock(machine, open);
}

/** Runs what falls due with a block. Nothing outside the block changes. */
export function beginBlock(machine: Machine, { height, time }: Pick<Block, "height" | "time">, facts: BlockFacts): OpenBlock {
  if (height !== machine.state.height + 1) throw new Error(`block ${height} does not follow ${machine.state.height}`);
  const scope = openScope(machine, { height, time });
  const events: LedgerEvent[] = [];
  const context = writeContext(scope, events);
  if (machine.successor && isAtSuccession(machine.successor, machine.state)) succeed(context, machine.successor, scope.version);
  const before = validators.get(scope, "current")!.validators;
  for (const number of completeUpgrade(context)) requireVersion(machine.versions, number).migrate?.(context);
  const blockContext: BlockContext = { ...context, block: facts };
  for (const module of scope.version.modules) module.onBlock?.(blockContext);
  return { scope, context, events, validators: before, txs: [], txResults: [], executed: [] };
}

/** Executes one transaction. */
function deliver(machine: Machine, open: OpenBlock, bytes: Uint8Array): void {
  open.txs.push(bytes);
  try {
    const prepared = transactionOf(machine, bytes);
    const { result, remember } = executeTransaction(open.scope, prepared);
    if (remember) open.executed.push(executedOf(prepared));
    open.txResults.push(result);
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    open.txResults.push(refusedResult(error));
  }
}

/** What must be remembered of a transaction whose body counts as executed. */
export function executedOf({ bodyHash, transaction }: PreparedTransaction): Executed {
  return { bodyHash, expiresAt: transaction.body.expiresAt };
}

/** Makes a block the last one. It must not be used any more. */
export function endBlock(machine: Machine, { scope, context, events, txs, txResults, executed, ...before }: OpenBlock): FinalizedBlock {
  for (const bytes of txs) machine.cache.forget(bytes);
  const replayWrites = machine.replay.stage(context, executed);

  const validatorUpdates = validatorChanges(before.validators, validators.get(scope, "current")!.validators);
  const { root, writes } = machine.state.stage(scope.height, scope.state.changes);
  machine.staged = [...machine.staged, ...writes, ...replayWrites, writeBlockTime(scope.time)];
  machine.time = scope.time;
  enterVersion(machine);
  return { txResults, events, validatorUpdates, appVersion: machine.version.number, appHash: root };
}

/** The rules of the next block; transactions decoded under other rules are decoded again. */
function enterVersion(machine: Machine): void {
  const number = versionAt(machine, machine.state.height + 1);
  if (number === machine.version.number) return;
  machine.version = requireVersion(machine.versions, number);
  machine.cache.clear();
}

/** Differences between two validator sets, in key order. */
export function validatorChanges(before: readonly Validator[], after: readonly Validator[]): { publicKey: string; power: number }[] {
  const powerBefore = new Map(before.map(({ publicKey, power }) => [publicKey, power]));
  const powerAfter = new Map(after.map(({ publicKey, power }) => [publicKey, power]));
  const keys = [...new Set([...powerBefore.keys(), ...powerAfter.keys()])].sort((a, b) => (a < b ? -1 : 1));
  return keys.flatMap((publicKey) => {
    const power = powerAfter.get(publicKey) ?? 0;
    return power === powerBefore.get(publicKey) ? [] : [{ publicKey, power }];
  });
}
