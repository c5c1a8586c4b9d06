import { compareBytes, concatBytes } from "../crypto/bytes.ts";
import { bytesToHex } from "../crypto/hex.ts";
import { merkleRoot, type Sha256 } from "../crypto/rfc6962.ts";
import { SchemaError } from "../schema/schema-error.ts";
import { ADDRESS_SIZE, base64Bytes } from "./kinds.ts";
import { bytesField, messageField, varintField } from "./protobuf.ts";

const KEY_SIZE = 32;
const KEY_TYPE = "tendermint/PubKeyEd25519";
/** Total voting power at most: MaxInt64 / 8 (cometbft types/validator_set.go). */
const MAX_TOTAL_POWER = (2n ** 63n - 1n) / 8n;

/** One member of a validator set. Its address follows from the key, so it is never taken from anybody's word. */
export interface Validator {
  /** Ed25519, 32 bytes. */
  readonly publicKey: Uint8Array;
  /** More than zero. */
  readonly power: bigint;
}

/** Address of an Ed25519 key: the first 20 bytes of its SHA-256. */
export function validatorAddress(publicKey: Uint8Array, sha256: Sha256): Uint8Array {
  return sha256(publicKey).slice(0, ADDRESS_SIZE);
}

/** The order in which a set is hashed and signs: power descending, then address ascending. */
export function orderValidators(validators: readonly Validator[], sha256: Sha256): Validator[] {
  const addressed = validators.map((validator) => ({ validator, address: validatorAddress(validator.publicKey, sha256) }));
  addressed.sort((a, b) => {
    if (a.validator.power !== b.validator.power) return a.validator.power > b.validator.power ? -1 : 1;
    return compareBytes(a.address, b.address);
  });
  return addressed.map(({ validator }) => validator);
}

/** Sum of the set's voting power. */
export function totalPower(validators: readonly Validator[]): bigint {
  return validators.reduce((total, { power }) => total + power, 0n);
}

/** `validatorsHash` of a header: RFC 6962 root over SimpleValidator messages, in the given order (cometbft `ValidatorSet.Hash`). */
export function validatorsHash(validators: readonly Validator[], sha256: Sha256): Uint8Array {
  return merkleRoot(validators.map(encodeSimpleValidator), sha256);
}

/** A validator from CometBFT's JSON (RPC `validators`). Throws SchemaError; keys other than Ed25519 are refused. */
export function validatorFromJson(json: unknown): Validator {
  const { pub_key: key, voting_power: power } = requireObject(json, "");
  const { type, value } = requireObject(key, "/pub_key");
  if (type !== KEY_TYPE) throw new SchemaError(`${KEY_TYPE} is the one key type here`, "/pub_key/type");
  if (typeof power !== "string" || !/^[1-9][0-9]{0,18}$/.test(power) || BigInt(power) > MAX_TOTAL_POWER) {
    throw new SchemaError("an integer above zero as text is needed", "/voting_power");
  }
  const publicKey = base64Bytes(KEY_SIZE).fromJson(value);
  if (publicKey.length !== KEY_SIZE) throw new SchemaError(`${KEY_SIZE} bytes are needed`, "/pub_key/value");
  return { publicKey, power: BigInt(power) };
}

/** CometBFT's JSON of a validator, as RPC `validators` gives it. Proposer priority is not kept here; a single validator's is always 0. */
export function validatorToJson({ publicKey, power }: Validator, sha256: Sha256) {
  return {
    address: bytesToHex(validatorAddress(publicKey, sha256)).toUpperCase(),
    pub_key: { type: KEY_TYPE, value: base64Bytes(KEY_SIZE).toJson(publicKey) },
    voting_power: `${power}`,
    proposer_priority: "0",
  };
}

function encodeSimpleValidator({ publicKey, power }: Validator): Uint8Array {
  return concatBytes([messageField(1, bytesField(1, publicKey)), varintField(2, power)]);
}

function requireObject(json: unknown, path: string): Readonly<Record<string, unknown>> {
  if (typeof json !== "object" || json === null) throw new SchemaError("an object is needed", path);
  return json as Readonly<Record<string, unknown>>;
}
