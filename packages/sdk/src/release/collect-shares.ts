import type { Actor } from "../client/actor.ts";
import type { Client } from "../client/client.ts";
import { clientErrors, GalenError } from "../client/galen-error.ts";
import { requestShares } from "../client/request-shares.ts";
import type { ReleaseCombiner } from "./combine-release.ts";

/**
 * How a custodian did not help. `forged`: its share is not the one that the ledger's public share belongs to. `repeated`: its share had come from another
 * address, which may be its second one, or that of somebody who passed the question on and gave the answer as its own. `otherEpoch`: its share is of
 * another key set than the one that was asked for.
 */
export interface CustodianFailure {
  readonly url: string;
  readonly kind: "unreachable" | "slow" | "refused" | "forged" | "repeated" | "otherEpoch";
  /** Id of its refusal, such as `custody/NoShare`; empty for a share that came. */
  readonly id: string;
}

export interface CollectOptions {
  readonly as: Actor;
  readonly releaseId: string;
  /** Of the release's block. */
  readonly height: number;
  readonly threshold: number;
  /** For all custodians together, milliseconds. */
  readonly timeoutMs: number;
}

/**
 * Asks all custodians at once and offers their shares to the combiner as they come, until k are good or nobody is left to wait for. Resolves with those that
 * failed until then; a slow one costs no time once k others have answered.
 */
export async function collectShares(
  custodians: readonly Client[],
  combiner: ReleaseCombiner,
  { as, releaseId, height, threshold, timeoutMs }: CollectOptions,
): Promise<readonly CustodianFailure[]> {
  const failures: CustodianFailure[] = [];
  const enough = new AbortController();
  const signal = AbortSignal.any([enough.signal, AbortSignal.timeout(timeoutMs)]);
  const asking = custodians.map(async (custodian) => {
    try {
      const share = await requestShares(custodian, { as, releaseId, height, signal });
      if (enough.signal.aborted) return;
      const verdict = combiner.offer(share);
      if (verdict !== "good") failures.push({ url: custodian.url, kind: verdict, id: "" });
      if (combiner.good.length >= threshold) enough.abort();
    } catch (error) {
      if (!enough.signal.aborted) failures.push({ url: custodian.url, ...failureIn(error) });
    }
  });
  await Promise.race([Promise.all(asking), new Promise((resolve) => enough.signal.addEventListener("abort", resolve))]);
  return [...failures];
}

function failureIn(error: unknown): Pick<CustodianFailure, "kind" | "id"> {
  if (!(error instanceof GalenError)) throw error;
  const { id } = error;
  if (id === clientErrors.Unreachable.kind.id) return { kind: "unreachable", id };
  return { kind: id === clientErrors.TimedOut.kind.id ? "slow" : "refused", id };
}
