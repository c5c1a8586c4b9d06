import { BlockIdFlag } from "@galen/ledger/block/commit";
import { type Header, headerHash } from "@galen/ledger/block/header";
import { addMilliseconds, compareTimestamps, fromMilliseconds } from "@galen/ledger/block/timestamp";
import { totalPower, type Validator, validatorsHash } from "@galen/ledger/block/validator";
import { type CommitFault, commitFault } from "@galen/ledger/block/verify-commit";
import { equalBytes } from "@galen/ledger/crypto/bytes";
import { bytesToHex } from "@galen/ledger/crypto/hex";
import type { CryptoProvider } from "@galen/ledger/crypto/provider";
import type { LightBlock } from "./light-block.ts";

/** Why a header is refused, whatever its signers are worth. */
export type InvalidReason =
  | "trusted-header-expired"
  | "wrong-chain"
  | "height-not-increasing"
  | "time-not-increasing"
  | "time-in-future"
  | "block-protocol-changed"
  | "header-not-signed"
  | "validators-mismatch"
  | "next-validators-mismatch"
  | "validators-not-announced"
  | "duplicate-validator"
  | CommitFault;

/** `not-enough-trust`: the signers known from the trusted block are too few to jump this far; a block in between may help. */
export type Verdict = "ok" | "not-enough-trust" | { readonly invalid: InvalidReason };

/** A share of voting power from 1/3 to 1. */
export interface TrustLevel {
  readonly numerator: number;
  readonly denominator: number;
}

/** What a client takes for granted about time and trust. */
export interface TrustPolicy {
  /** How long after its block time a header may vouch for later ones; shorter than the time in which stake can be withdrawn. */
  readonly trustingPeriodMs: number;
  /** How far a header's time may lie ahead of this clock. */
  readonly maxClockDriftMs: number;
  /** The trusted power that must have signed a header which is not the next. */
  readonly trustLevel: TrustLevel;
}

export interface VerifyInput extends TrustPolicy {
  readonly trusted: Pick<LightBlock, "header" | "nextValidators">;
  readonly untrusted: LightBlock;
  readonly nowMs: number;
}

/**
 * Decides whether a trusted block vouches for a later one: the next by naming its validator set, a later one by `trustLevel` of the power that
 * was to sign after it; either way more than two thirds of the block's own set signed. Follows cometbft light/verifier.go and the fix of January 2026
 * that binds addresses to indices; checks every signature, where CometBFT stops at two thirds.
 * Throws RangeError on a trust level outside 1/3 to 1.
 */
export function verify(input: VerifyInput, crypto: CryptoProvider): Verdict {
  requireTrustLevel(input.trustLevel);
  const { trusted, untrusted } = input;
  const headerReason = headerFault(input, crypto);
  if (headerReason) return { invalid: headerReason };

  if (untrusted.header.height === trusted.header.height + 1) {
    if (!equalBytes(untrusted.header.validatorsHash, trusted.header.nextValidatorsHash)) return { invalid: "validators-not-announced" };
  } else {
    const power = trustedSignerPower(untrusted, trusted.nextValidators);
    if (power === "duplicate-validator") return { invalid: power };
    if (!exceeds(power, totalPower(trusted.nextValidators), input.trustLevel)) return "not-enough-trust";
  }

  // Last, because an untrusted set may be made large on purpose. It also proves the signatures whose power was just counted.
  const commitReason = commitFault(untrusted.header.chainId, untrusted.commit, untrusted.validators, crypto);
  return commitReason ? { invalid: commitReason } : "ok";
}

/** Whether a block is whole by itself: header signed, sets as named, commit good. Undefined if it is. */
export function lightBlockFault(block: LightBlock, crypto: CryptoProvider): InvalidReason | undefined {
  return contentFault(block, crypto) ?? commitFault(block.header.chainId, block.commit, block.validators, crypto);
}

/** Why an older header is not the one that `trusted`, the header right after it, names; undefined if it is. Needs no trusting period: a hash does not age. */
export function backwardFault(trusted: Header, older: Header, crypto: CryptoProvider): "header-not-linked" | undefined {
  const isNamed = equalBytes(headerHash(older, crypto.sha256), trusted.lastBlockId.hash);
  return isNamed && older.height === trusted.height - 1 ? undefined : "header-not-linked";
}

/** True once a header is too old to vouch for others. */
export function isExpired(header: Header, { trustingPeriodMs, nowMs }: Pick<VerifyInput, "trustingPeriodMs" | "nowMs">): boolean {
  return compareTimestamps(addMilliseconds(header.time, trustingPeriodMs), fromMilliseconds(nowMs)) <= 0;
}

function headerFault(input: VerifyInput, crypto: CryptoProvider): InvalidReason | undefined {
  const [before, after] = [input.trusted.header, input.untrusted.header];
  if (isExpired(before, input)) return "trusted-header-expired";
  if (after.chainId !== before.chainId) return "wrong-chain";
  if (after.height <= before.height) return "height-not-increasing";
  if (compareTimestamps(after.time, before.time) <= 0) return "time-not-increasing";
  if (compareTimestamps(after.time, fromMilliseconds(input.nowMs + input.maxClockDriftMs)) >= 0) return "time-in-future";
  // The block protocol fixes what a header hash covers, so a header of another protocol means something else.
  if (after.version.block !== before.version.block) return "block-protocol-changed";
  return contentFault(input.untrusted, crypto);
}

function contentFault({ header, commit, validators, nextValidators }: LightBlock, { sha256 }: CryptoProvider): InvalidReason | undefined {
  if (commit.height !== header.height || !equalBytes(commit.blockId.hash, headerHash(header, sha256))) return "header-not-signed";
  if (!equalBytes(header.validatorsHash, validatorsHash(validators, sha256))) return "validators-mismatch";
  if (!equalBytes(header.nextValidatorsHash, validatorsHash(nextValidators, sha256))) return "next-validators-mismatch";
  return undefined;
}

/** Trusted power among those that the commit says signed for the block. A key listed twice would count twice. */
function trustedSignerPower({ commit, validators }: LightBlock, trusted: readonly Validator[]): bigint | "duplicate-validator" {
  const powers = new Map(trusted.map(({ publicKey, power }) => [bytesToHex(publicKey), power]));
  const seen = new Set<string>();
  let signed = 0n;
  for (const [index, { publicKey }] of validators.entries()) {
    const key = bytesToHex(publicKey);
    if (seen.has(key)) return "duplicate-validator";
    seen.add(key);
    if (commit.signatures[index]?.blockIdFlag === BlockIdFlag.commit) signed += powers.get(key) ?? 0n;
  }
  return signed;
}

function exceeds(part: bigint, whole: bigint, { numerator, denominator }: TrustLevel): boolean {
  return part * BigInt(denominator) > whole * BigInt(numerator);
}

function requireTrustLevel({ numerator, denominator }: TrustLevel): void {
  const isWhole = Number.isSafeInteger(numerator) && Number.isSafeInteger(denominator);
  if (!isWhole || denominator <= 0 || numerator * 3 < denominator || numerator > denominator) {
    throw new RangeError(`trustLevel: a fraction from 1/3 to 1 is needed, not ${numerator}/${denominator}`);
  }
}
