import type { PreparedTransaction } from "../tx/prepare.ts";
import type { BlockFacts } from "./block-facts.ts";
import { writeBlockTime } from "./block-record.ts";
import type { BlockContext } from "./context.ts";
import type { LedgerEvent } from "./events.ts";
import { type BlockScope, executeTransaction, refusedResult, type TxResult, writeContext } from "./execute.ts";
import { type Machine, openScope, requireVersion, transactionOf } from "./machine.ts";
import { type Validator, validators } from "./parameters.ts";
import { Refusal } from "./refusal.ts";
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

/** The transition `(state, block) -> (state, results)`: what fell due, then the transactions in their order. */
export function executeBlock(machine: Machine, block: Block): FinalizedBlock {
  if (block.height !== machine.state.height + 1) throw new Error(`block ${block.height} does not follow ${machine.state.height}`);
  const scope = openScope(machine, block);
  const events: LedgerEvent[] = [];
  const context = writeContext(scope, events);
  if (machine.successor && isAtSuccession(machine.successor, machine.state)) succeed(context, machine.successor, scope.version);
  const before = validators.get(scope, "current")!.validators;
  if (completeUpgrade(context)) scope.version.migrate?.(context);
  const { hash, votes, misbehavior } = block;
  const blockContext: BlockContext = { ...context, block: { hash, votes, misbehavior } };
  for (const module of scope.version.modules) module.onBlock?.(blockContext);

  const executed: PreparedTransaction[] = [];
  const txResults = block.txs.map((bytes) => deliver(machine, scope, bytes, executed));
  const bodies = executed.map(({ bodyHash, transaction }) => ({ bodyHash, expiresAt: transaction.body.expiresAt }));
  const replayWrites = machine.replay.stage(context, bodies);

  const validatorUpdates = validatorChanges(before, validators.get(scope, "current")!.validators);
  const { root, writes } = machine.state.stage(block.height, scope.state.changes);
  machine.staged = [...machine.staged, ...writes, ...replayWrites, writeBlockTime(block.time)];
  machine.time = block.time;
  enterVersion(machine);
  return { txResults, events, validatorUpdates, appVersion: machine.version.number, appHash: root };
}

/** Executes one transaction; those whose body now counts as executed are added to `executed`. */
function deliver(machine: Machine, scope: BlockScope, bytes: Uint8Array, executed: PreparedTransaction[]): TxResult {
  try {
    const prepared = transactionOf(machine, bytes);
    machine.cache.forget(bytes);
    const { result, remember } = executeTransaction(scope, prepared);
    if (remember) executed.push(prepared);
    return result;
  } catch (error) {
    if (error instanceof Refusal) return refusedResult(error);
    throw error;
  }
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
