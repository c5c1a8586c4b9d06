import type { ReadContext, WriteContext } from "../../app/context.ts";
import { recovered, recoveriesEnded, recoveryStarted, recoveryStopped } from "./events.ts";
import type { Recovery } from "./schema.ts";
import { accounts, recoveries, recoveryQueue } from "./state.ts";

/** What one block executes at most; the rest follows in the next ones. */
export const MAX_RECOVERIES_PER_BLOCK = 64;

/** What guardians propose, whoever approves it. */
export type Proposal = Omit<Recovery, "guardians" | "dueAt">;

/** The open recoveries of an account, in the order in which they were proposed. */
export function openRecoveries(ctx: Pick<ReadContext, "state">, account: string): readonly Recovery[] {
  return recoveries.get(ctx, account)?.recoveries ?? [];
}

/** `open` after these guardians have turned away from what they approved, towards `target` if there is one. What nobody approves is gone. */
export function moveApprovals(open: readonly Recovery[], guardians: readonly string[], target?: Proposal): Recovery[] {
  const known = target === undefined || open.some(({ recoveryId }) => recoveryId === target.recoveryId);
  const listed: readonly Recovery[] = known ? open : [...open, { ...target, guardians: [] }];
  return listed
    .map((recovery) => {
      const others = recovery.guardians.filter((guardian) => !guardians.includes(guardian));
      return { ...recovery, guardians: recovery.recoveryId === target?.recoveryId ? [...others, ...guardians] : others };
    })
    .filter((recovery) => recovery.guardians.length > 0);
}

/**
 * Writes the open recoveries of an account after its guardians have changed their approvals. A running one that lost too many stops;
 * when none runs, the first that has enough starts its delay, with the alarm.
 */
export function settleRecoveries(ctx: WriteContext, account: string, open: readonly Recovery[]): void {
  const { threshold, delayMs } = accounts.get(ctx, account)!.guardianship!;
  const before = openRecoveries(ctx, account).find(isRunning);
  const running = open.find((one) => isRunning(one) && one.guardians.length >= threshold);
  const next = running ?? open.find((one) => one.guardians.length >= threshold);
  const dueAt = running?.dueAt ?? ctx.time + delayMs;

  if (before && !running) recoveryQueue.delete(ctx, before.dueAt!, account);
  if (next && !running) recoveryQueue.set(ctx, dueAt, account, { account, dueAt });
  const settled = open.map(({ dueAt: _, ...rest }) => (rest.recoveryId === next?.recoveryId ? { ...rest, dueAt } : rest));
  if (settled.length > 0) recoveries.set(ctx, account, { account, recoveries: settled });
  else recoveries.delete(ctx, account);

  if (before && !running) ctx.emit(recoveryStopped({ account, recoveryId: before.recoveryId }));
  if (next && !running) ctx.emit(recoveryStarted({ account, recoveryId: next.recoveryId, dueAt }));
}

/** Ends all open recoveries of an account, running or not, if there are any. */
export function endRecoveries(ctx: WriteContext, account: string, cause: "cancelled" | "keys-rotated" | "guardians-changed"): void {
  const open = openRecoveries(ctx, account);
  if (open.length === 0) return;
  removeRecoveries(ctx, account, open);
  ctx.emit(recoveriesEnded({ account, cause }));
}

/** Gives the accounts whose delay is over their new keys: the earliest first, at most 64 in a block. */
export function executeDueRecoveries(ctx: WriteContext): void {
  const due = [...recoveryQueue.entries(ctx, { before: ctx.time + 1, limit: MAX_RECOVERIES_PER_BLOCK })];
  for (const [, { account }] of due) execute(ctx, account);
}

function execute(ctx: WriteContext, account: string): void {
  const open = openRecoveries(ctx, account);
  const { recoveryId, keys, threshold, recordKey } = open.find(isRunning)!;
  removeRecoveries(ctx, account, open);
  accounts.set(ctx, account, { ...accounts.get(ctx, account)!, keys, threshold, recordKey });
  ctx.emit(recovered({ account, recoveryId }));
}

function removeRecoveries(ctx: WriteContext, account: string, open: readonly Recovery[]): void {
  const running = open.find(isRunning);
  if (running) recoveryQueue.delete(ctx, running.dueAt!, account);
  recoveries.delete(ctx, account);
}

function isRunning({ dueAt }: Recovery): boolean {
  return dueAt !== undefined;
}
