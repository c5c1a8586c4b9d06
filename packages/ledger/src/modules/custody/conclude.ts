import type { WriteContext } from "../../app/context.ts";
import { isFromVersion } from "../../app/upgrades.ts";
import { bytesToHex, requireHexBytes } from "../../crypto/hex.ts";
import { jointCommitments, lagrangeFactors, publicShare } from "../../crypto/polynomial-commitments.ts";
import { isDue, qualifiedDealers, readyReceivers } from "./ceremony.ts";
import { failed, finished } from "./events.ts";
import { type Ceremony, type FailureReason, type KeySet, purposes } from "./schema.ts";
import { ceremonies, dealings, keys, running } from "./state.ts";

/** Ends the ceremonies whose windows have passed. At most one per purpose. */
export function concludeDueCeremonies(ctx: WriteContext): void {
  for (const purpose of purposes) {
    const current = running.get(ctx, purpose);
    if (current) concludeIfDue(ctx, current.ceremonyId, ceremonies.get(ctx, current.ceremonyId)!);
  }
}

/** Ends the ceremony if it is due: with a new key set in force, or as failed, in which case the key stays as it was. */
export function concludeIfDue(ctx: WriteContext, ceremonyId: string, ceremony: Ceremony): void {
  if (!isDue(ceremony, ctx.time, needsAll(ctx))) return;
  const { purpose } = ceremony;
  const dealers = qualifiedDealers(ceremony);
  const result = keySetOf(ctx, ceremonyId, ceremony, dealers);

  running.delete(ctx, purpose);
  if (typeof result === "string") {
    ceremonies.set(ctx, ceremonyId, {
      ...ceremony,
      outcome: { kind: "failed", reason: result },
    });
    ctx.emit(failed({ ceremonyId, purpose, reason: result }));
  } else {
    keys.set(ctx, purpose, result);
    ceremonies.set(ctx, ceremonyId, {
      ...ceremony,
      outcome: { kind: "finished", dealers },
    });
    ctx.emit(finished({ purpose, ...result, dealers }));
  }
}

/** The key set that the dealings of `dealers` make, or why there is none. */
function keySetOf(ctx: WriteContext, ceremonyId: string, ceremony: Ceremony, dealers: readonly number[]): KeySet | FailureReason {
  const { kind, purpose, receivers, threshold } = ceremony;
  if (dealers.length < ceremony.dealersNeeded) return "TooFewDealers";
  if (readyReceivers(ceremony).length < (needsAll(ctx) ? receivers.length : threshold)) return "TooFewReceivers";
  const joint = jointCommitmentsOf(ctx, ceremonyId, ceremony, dealers);
  if (!joint) return "NoKey";

  const current = keys.get(ctx, purpose);
  const publicKey = bytesToHex(joint[0]!);
  if (kind === "reshare" && publicKey !== current?.publicKey) throw new Error("a resharing would change the collective key");
  // A dealer and a receiver in league can give the receiver the share zero, with which it could prove no answer: it is left out.
  const custodians = receivers.flatMap((receiver, position) => {
    const share = publicShare(joint, position + 1, ctx.crypto);
    return share ? [{ ...receiver, index: position + 1, publicShare: bytesToHex(share) }] : [];
  });
  if (custodians.length < threshold) return "NoKey";
  return {
    publicKey,
    epoch: (current?.epoch ?? 0) + 1,
    threshold,
    custodians,
    ceremonyId,
  };
}

/**
 * Whether a ceremony ends well only with every receiver, from version 4 on, and not with k: a dealer who lies to a receiver that is away is not found out, and
 * where that dealer is one of the k that are ready, the key could not do without it afterwards.
 */
function needsAll(ctx: WriteContext): boolean {
  return isFromVersion(ctx, 4);
}

/** Undefined if the dealings cancel. */
function jointCommitmentsOf(
  ctx: WriteContext,
  ceremonyId: string,
  { kind }: Ceremony,
  dealers: readonly number[],
): Uint8Array[] | undefined {
  const weights = kind === "reshare" ? lagrangeFactors(dealers) : dealers.map(() => 1n);
  const weighted = dealers.map((dealer, position) => ({
    commitments: dealings.get(ctx, ceremonyId, dealer)!.commitments.map((point) => requireHexBytes(point, 32)),
    weight: weights[position]!,
  }));
  return jointCommitments(weighted, ctx.crypto);
}
