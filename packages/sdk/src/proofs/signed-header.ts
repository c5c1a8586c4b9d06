import { BlockIdFlag, Commit } from "@galen/ledger/block/commit";
import { Header, headerHash } from "@galen/ledger/block/header";
import { toMilliseconds } from "@galen/ledger/block/timestamp";
import { type Validator, validatorsHash, validatorToJson } from "@galen/ledger/block/validator";
import { commitFault } from "@galen/ledger/block/verify-commit";
import { equalBytes } from "@galen/ledger/crypto/bytes";
import type { CryptoProvider } from "@galen/ledger/crypto/provider";
import { galenError } from "../client/galen-error.ts";
import { type SignedHeader, signedHeaderFromJson, validatorsFromJson } from "../light/light-block.ts";
import { proofErrors } from "./proof-error.ts";
import { isTrusted, type Trust } from "./trust.ts";

/** A header, the commit that made it final, and the set that signed, in set order. */
export interface FinalHeader extends SignedHeader {
  readonly validators: readonly Validator[];
}

/** What a check starts from. */
export interface ProofContext {
  readonly trust: Trust;
  readonly crypto: CryptoProvider;
  /** Milliseconds since 1970. */
  readonly nowMs: number;
  /** How old the header of a state may be, milliseconds. Left out for proofs of the past, such as a file. */
  readonly maxStateAgeMs?: number;
  /** Hears of every header that speaks of the present. */
  readonly onPresent?: (header: Header) => void;
}

const MAX_CLOCK_DRIFT_MS = 10_000;

/** A header from the JSON of a node or a file. Throws SchemaError. */
export function finalHeaderFromJson(signed: unknown, validators: unknown, { sha256 }: CryptoProvider): FinalHeader {
  return { ...signedHeaderFromJson(signed), validators: validatorsFromJson(validators, sha256) };
}

/** The JSON that `finalHeaderFromJson` reads, in CometBFT's field names. */
export function finalHeaderToJson({ header, commit, validators }: FinalHeader, { sha256 }: CryptoProvider) {
  return {
    signedHeader: { header: Header.toJson(header), commit: Commit.toJson(commit) },
    validators: validators.map((validator) => validatorToJson(validator, sha256)),
  };
}

/** Checks that validators whom the user trusts made a header final, and says so in words. Throws GalenError `proof/…`. */
export function requireTrusted(final: FinalHeader, { trust, crypto, nowMs, maxStateAgeMs }: ProofContext): string {
  const { header, commit, validators } = final;
  const isPast = maxStateAgeMs === undefined;
  const isKnownChain = header.chainId === trust.chainId || (isPast && trust.earlier?.some(({ chainId }) => chainId === header.chainId));
  if (!isKnownChain) throw galenError(proofErrors.WrongChain({ chainId: header.chainId, trusted: trust.chainId }));
  if (!isTrusted(trust, header, isPast)) throw galenError(proofErrors.ValidatorsNotTrusted({ height: header.height }));
  requireFinal(final, crypto);
  // After the signatures, so that nobody but validators can make a clock look wrong.
  const blockTime = toMilliseconds(header.time);
  if (blockTime > nowMs + MAX_CLOCK_DRIFT_MS) throw galenError(proofErrors.TimeInFuture({ height: header.height, blockTime }));
  const signed = commit.signatures.filter(({ blockIdFlag }) => blockIdFlag === BlockIdFlag.commit).length;
  return `header ${header.height} of ${header.chainId} is signed by ${signed} of ${validators.length} trusted validators`;
}

/** Checks that a header is young enough to speak of the present. Throws GalenError proof/Stale. */
export function requireFresh({ header }: FinalHeader, { nowMs, maxStateAgeMs, onPresent }: ProofContext): void {
  if (maxStateAgeMs === undefined) return;
  const { height } = header;
  const blockTime = toMilliseconds(header.time);
  const ageMs = nowMs - blockTime;
  // Both times, because a clock that is ahead makes every honest answer look old.
  if (ageMs > maxStateAgeMs)
    throw galenError(proofErrors.Stale({ height, ageSeconds: Math.floor(ageMs / 1_000), blockTime, clockTime: nowMs }));
  onPresent?.(header);
}

/** Checks that the set that a header itself names made it final. Throws GalenError `proof/…`. */
export function requireFinal({ header, commit, validators }: FinalHeader, crypto: CryptoProvider): void {
  const { height } = header;
  if (!equalBytes(header.validatorsHash, validatorsHash(validators, crypto.sha256)))
    throw galenError(proofErrors.ValidatorsNotTrusted({ height }));
  const isSigned = commit.height === height && equalBytes(commit.blockId.hash, headerHash(header, crypto.sha256));
  if (!isSigned) throw galenError(proofErrors.HeaderNotSigned({ height }));
  const fault = commitFault(header.chainId, commit, validators, crypto);
  if (fault) throw galenError(proofErrors.CommitInvalid({ height, fault }));
}
