import { equalBytes } from "../crypto/bytes.ts";
import type { CryptoProvider } from "../crypto/provider.ts";
import { zeroBlockId } from "./block-id.ts";
import { BlockIdFlag, type Commit, type CommitSig, isConsistentSig } from "./commit.ts";
import { totalPower, type Validator, validatorAddress } from "./validator.ts";
import { precommitSignBytes } from "./vote.ts";

/** Why a commit does not make its block final. */
export type CommitFault = "commit-size" | "commit-malformed" | "commit-address" | "commit-signature" | "commit-power";

/**
 * Checks a commit against the block's own validator set, in set order: one part per validator, the validator's own address at its index, every
 * signature given right, more than two thirds of the power for the block. Stricter than CometBFT's light check, which stops at two thirds
 * and leaves the rest unread: here a commit altered anywhere is refused. Undefined for a commit that is good.
 */
export function commitFault(
  chainId: string,
  commit: Commit,
  validators: readonly Validator[],
  crypto: CryptoProvider,
): CommitFault | undefined {
  if (commit.signatures.length !== validators.length) return "commit-size";
  let power = 0n;
  for (const [index, sig] of commit.signatures.entries()) {
    if (!isConsistentSig(sig)) return "commit-malformed";
    if (sig.blockIdFlag === BlockIdFlag.absent) continue;
    const validator = validators[index]!;
    if (!equalBytes(sig.validatorAddress, validatorAddress(validator.publicKey, crypto.sha256))) return "commit-address";
    if (!isSignedBy(validator.publicKey, chainId, commit, sig, crypto)) return "commit-signature";
    if (sig.blockIdFlag === BlockIdFlag.commit) power += validator.power;
  }
  return 3n * power > 2n * totalPower(validators) ? undefined : "commit-power";
}

/** True if `publicKey` signed this part of the commit, under the chain's signature rule (ZIP-215). */
export function isSignedBy(publicKey: Uint8Array, chainId: string, commit: Commit, sig: CommitSig, crypto: CryptoProvider): boolean {
  const blockId = sig.blockIdFlag === BlockIdFlag.commit ? commit.blockId : zeroBlockId;
  const signed = precommitSignBytes({ chainId, height: commit.height, round: commit.round, blockId, timestamp: sig.timestamp });
  return crypto.verifyEd25519(publicKey, signed, sig.signature);
}
