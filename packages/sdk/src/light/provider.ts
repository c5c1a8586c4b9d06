import { type Validator, validatorsHash } from "@galen/ledger/block/validator";
import { equalBytes } from "@galen/ledger/crypto/bytes";
import type { Sha256 } from "@galen/ledger/crypto/rfc6962";
import type { LightBlock, SignedHeader } from "./light-block.ts";

/** A full node as a light client sees it: asked, never believed. `undefined` for a height it does not have; rejects when it cannot be reached. */
export interface LightProvider {
  signedHeader(height: number): Promise<SignedHeader | undefined>;
  /** The validator set of a height, in set order. */
  validators(height: number): Promise<readonly Validator[] | undefined>;
}

/** Puts a light block together. The next set is asked for only where the header says that it changes. */
export async function fetchLightBlock(provider: LightProvider, height: number, sha256: Sha256): Promise<LightBlock | undefined> {
  const [signed, validators] = await Promise.all([provider.signedHeader(height), provider.validators(height)]);
  if (!signed || !validators) return undefined;
  const isUnchanged = equalBytes(validatorsHash(validators, sha256), signed.header.nextValidatorsHash);
  const nextValidators = isUnchanged ? validators : await provider.validators(height + 1);
  return nextValidators && { ...signed, validators, nextValidators };
}
