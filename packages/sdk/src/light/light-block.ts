import { Commit } from "@galen/ledger/block/commit";
import { Header } from "@galen/ledger/block/header";
import { orderValidators, type Validator, validatorFromJson, validatorToJson } from "@galen/ledger/block/validator";
import type { Sha256 } from "@galen/ledger/crypto/rfc6962";
import { SchemaError } from "@galen/ledger/schema/schema-error";

/** A header and the commit that made its block final. */
export interface SignedHeader {
  readonly header: Header;
  readonly commit: Commit;
}

/** All that a light client needs of one height. */
export interface LightBlock extends SignedHeader {
  /** The set that signed, in set order. */
  readonly validators: readonly Validator[];
  /** The set of the next height, which this header already names. */
  readonly nextValidators: readonly Validator[];
}

/** JSON of a light block, for proof files and stores. */
export function lightBlockToJson({ header, commit, validators, nextValidators }: LightBlock, sha256: Sha256) {
  const setToJson = (set: readonly Validator[]) => ({ validators: set.map((validator) => validatorToJson(validator, sha256)) });
  return {
    signed_header: { header: Header.toJson(header), commit: Commit.toJson(commit) },
    validator_set: setToJson(validators),
    next_validator_set: setToJson(nextValidators),
  };
}

/** Reads what `lightBlockToJson` writes. Says nothing about truth: that is what `verify` is for. Throws SchemaError. */
export function lightBlockFromJson(json: unknown, sha256: Sha256): LightBlock {
  return {
    ...signedHeaderFromJson(property(json, "signed_header")),
    validators: validatorsFromJson(property(property(json, "validator_set"), "validators"), sha256),
    nextValidators: validatorsFromJson(property(property(json, "next_validator_set"), "validators"), sha256),
  };
}

/** A signed header from CometBFT's JSON. Throws SchemaError. */
export function signedHeaderFromJson(json: unknown): SignedHeader {
  return { header: Header.fromJson(property(json, "header")), commit: Commit.fromJson(property(json, "commit")) };
}

/** A validator set from CometBFT's JSON, put in set order: writers do not agree on one. Throws SchemaError. */
export function validatorsFromJson(json: unknown, sha256: Sha256): Validator[] {
  if (!Array.isArray(json)) throw new SchemaError("a list of validators is needed");
  return orderValidators(json.map(validatorFromJson), sha256);
}

function property(json: unknown, name: string): unknown {
  if (typeof json !== "object" || json === null) throw new SchemaError(`an object with ${name} is needed`);
  return (json as Readonly<Record<string, unknown>>)[name];
}
