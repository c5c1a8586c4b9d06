import type { CryptoProvider } from "@galen/ledger/crypto/provider";
import type { LightBlock } from "./light-block.ts";
import { fetchLightBlock, type LightProvider } from "./provider.ts";
import { type InvalidReason, type TrustPolicy, verify } from "./verify.ts";

export interface BisectInput extends TrustPolicy {
  /** A trusted block below `height`. */
  readonly from: LightBlock;
  readonly height: number;
  readonly provider: LightProvider;
  readonly crypto: CryptoProvider;
  readonly nowMs: number;
}

/** Where the way to the target ended, and why. */
export interface BisectFailure {
  readonly reason: InvalidReason | "header-not-found" | "wrong-height";
  readonly height: number;
}

/**
 * Verifies the block at `height` by as few steps as trust allows: jumps to the target, and on too little trust first to a block in between
 * (cometbft light/client.go verifySkipping). The trace holds the blocks verified, target last. Every jump that succeeds goes up, so there are at
 * most as many as heights; with a slowly changing validator set, their logarithm.
 */
export async function bisect(input: BisectInput): Promise<{ readonly trace: readonly LightBlock[] } | BisectFailure> {
  const trace: LightBlock[] = [];
  const ahead: LightBlock[] = []; // fetched but too far so far: the target first, then ever nearer ones
  let trusted = input.from;
  for (let depth = 0; trusted.header.height < input.height; ) {
    const height = ahead[depth]?.header.height ?? nextHeight(trusted, ahead[depth - 1], input.height);
    const candidate = ahead[depth] ?? (await fetchLightBlock(input.provider, height, input.crypto.sha256));
    if (!candidate) return { reason: "header-not-found", height };
    if (candidate.header.height !== height) return { reason: "wrong-height", height };

    const verdict = verify({ ...input, trusted, untrusted: candidate }, input.crypto);
    if (verdict === "not-enough-trust") {
      ahead[depth] = candidate;
      depth += 1;
    } else if (verdict === "ok") {
      trace.push(candidate);
      trusted = candidate;
      ahead.length = depth;
      depth = 0; // with more trust the target may be in reach
    } else return { reason: verdict.invalid, height };
  }
  return { trace };
}

/** The target, or 9/16 of the way to the block that was too far: a little above the middle, as CometBFT chose from experience. */
function nextHeight(trusted: LightBlock, tooFar: LightBlock | undefined, target: number): number {
  if (!tooFar) return target;
  const from = trusted.header.height;
  return from + Math.floor(((tooFar.header.height - from) * 9) / 16);
}
