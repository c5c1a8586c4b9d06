import type { ReadContext, WriteContext } from "../../app/context.ts";
import { recovered, recoveriesEnded, recoveryStarted, recoveryStopped } from "./events.ts";
import type { Recovery } from "./schema.ts";
import { accounts, recoveries, recoveryQueue } from "./state.ts";

/** What one block executes at most; the rest follows in the next ones. */
export const MAX_RECOVERIES_PER_BLOCK = 64;

/** What guardians propose, whoever approves it. */
export type Proposal = Omit<Recovery, "guardians">;

/** The open recoveries of an account, in the order in which they were proposed. */
export function openRecoveries(ctx: Pick<ReadContext, "state">, account: string): readonly Recovery[] {
  return recoveries.get(ctx, account)?.open ?? [];
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
  const before = recoveries.get(ctx, account)?.running;
  const enough = open.filter(({ guardians }) => guardians.length >= threshold);
  const goesOn = before !== undefined && enough.some(({ recoveryId }) => recoveryId === before.recoveryId);
  const running = goesOn ? before : enough[0] && { recoveryId: enough[0].recoveryId, dueAt: ctx.time + delayMs };

  if (open.length === 0) recoveries.delete(ctx, account);
  else recoveries.set(ctx, account, { account, open: [...open], ...(running && { running }) });
  if (goesOn) return;
  if (before) {
    recoveryQueue.delete(ctx, before.dueAt, account);
    ctx.emit(recoveryStopped({ account, recoveryId: before.recoveryId }));
  }
  if (running) {
    recoveryQueue.set(ctx, running.dueAt, account, { account, dueAt: running.dueAt });
    ctx.emit(recoveryStarted({ account, ...running }));
  }
}

/** Ends all open recoveries of an account, running or not, if there are any. */
export function endRecoveries(ctx: WriteContext, account: string, cause: "cancelled" | "keys-rotated" | "guardians-changed"): void {
  if (!recoveries.has(ctx, account)) return;
  removeRecoveries(ctx, account);
  ctx.emit(recoveriesEnded({ account, cause }));
}

/** Gives the accounts whose delay is over their new keys: the earliest first, at most 64 in a block. */
export function executeDueRecoveries(ctx: WriteContext): void {
  const due = [...recoveryQueue.entries(ctx, { before: ctx.time + 1, limit: MAX_RECOVERIES_PER_BLOCK })];
  for (const [, { account }] of due) execute(ctx, account);
}

function execute(ctx: WriteContext, account: string): void {
  const { recoveryId } = recoveries.get(ctx, account)!.running!;
  const { keys, threshold, recordKey } = openRecoveries(ctx, account).find((recovery) => recovery.recoveryId === recoveryId)!;
  removeRecoveries(ctx, account);
  accounts.set(ctx, account, { ...accounts.get(ctx, account)!, keys, threshold, recordKey });
  ctx.emit(recovered({ account, recoveryId }));
}

function removeRecoveries(ctx: WriteContext, account: string): void {
  const running = recoveries.get(ctx, account)?.running;
  if (running) recoveryQueue.delete(ctx, running.dueAt, account);
  recoveries.delete(ctx, account);
}
