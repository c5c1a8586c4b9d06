import { headerHash } from "@galen/ledger/block/header";
import { equalBytes } from "@galen/ledger/crypto/bytes";
import type { CryptoProvider } from "@galen/ledger/crypto/provider";
import { bisect } from "./bisect.ts";
import type { LightBlock } from "./light-block.ts";
import type { LightProvider } from "./provider.ts";
import type { TrustPolicy } from "./verify.ts";

export interface WitnessInput extends TrustPolicy {
  /** The block that the verified one was verified from. */
  readonly from: LightBlock;
  /** The block just verified. */
  readonly block: LightBlock;
  readonly witnesses: readonly LightProvider[];
  readonly crypto: CryptoProvider;
  readonly nowMs: number;
}

/**
 * Asks every witness for the same height (cometbft light/detector.go). A witness that shows another header and can prove it from the same
 * trusted block gives a conflict, which is returned. One that is silent or cannot prove it counts for nothing; if none of the witnesses
 * is left that agrees, nobody confirmed the block. Without witnesses there is nothing to compare.
 */
export async function compareWithWitnesses(input: WitnessInput): Promise<"agreed" | "none-agrees" | LightBlock> {
  const answers = await Promise.all(input.witnesses.map((witness) => askWitness(input, witness).catch(() => "silent" as const)));
  const conflict = answers.find((answer) => typeof answer === "object");
  if (conflict) return conflict;
  return input.witnesses.length === 0 || answers.includes("agreed") ? "agreed" : "none-agrees";
}

async function askWitness(input: WitnessInput, witness: LightProvider): Promise<"agreed" | "silent" | LightBlock> {
  const { height } = input.block.header;
  const { sha256 } = input.crypto;
  const signed = await witness.signedHeader(height);
  if (!signed) return "silent";
  if (equalBytes(headerHash(signed.header, sha256), headerHash(input.block.header, sha256))) return "agreed";
  const found = await bisect({ ...input, provider: witness, height });
  return "trace" in found ? found.trace.at(-1)! : "silent";
}
