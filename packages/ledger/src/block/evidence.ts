import { SchemaError } from "../schema/schema-error.ts";
import { BlockId } from "./block-id.ts";
import { Commit, MAX_VALIDATORS } from "./commit.ts";
import { Header } from "./header.ts";
import { address, base64Bytes, int32, int64 } from "./kinds.ts";
import { type Kind, many, message, one, optional, type ValueOf } from "./message.ts";
import { bytesField, encodeField, parseFields } from "./protobuf.ts";
import { Timestamp } from "./timestamp.ts";

const KEY_SIZE = 32;
const SIGNATURE_SIZE = 64;
/** A block of CometBFT's largest size, 100 MiB, holds no larger extension. */
const MAX_EXTENSION_SIZE = 104_857_600;
const INT32_MAX = 2 ** 31 - 1;
const EVIDENCE_TYPE = { 1: "tendermint/DuplicateVoteEvidence", 2: "tendermint/LightClientAttackEvidence" } as const;
const KEY_TYPE = "tendermint/PubKeyEd25519";

const keyBytes = base64Bytes(KEY_SIZE);

/** crypto.PublicKey, a oneof of which Ed25519 is the first. */
const PublicKey: Kind<Uint8Array> = {
  wire: 2,
  isScalar: false,
  encode: (key) => bytesField(1, key),
  decode(payload) {
    const [field, ...more] = parseFields(payload);
    if (field?.tag !== 1 || more.length > 0) throw new SchemaError("an Ed25519 key is needed");
    return keyBytes.decode(field.payload);
  },
  toJson: (key) => ({ type: KEY_TYPE, value: keyBytes.toJson(key) }),
  fromJson: (json) => keyBytes.fromJson(typed(json, KEY_TYPE)),
};

/** Bytes that a vote may lack: Go's JSON says null then, and that of older releases nothing. */
const extensionBytes: Kind<Uint8Array> = {
  ...base64Bytes(MAX_EXTENSION_SIZE),
  toJson: (value) => (value.length === 0 ? null : base64Bytes(MAX_EXTENSION_SIZE).toJson(value)),
  fromJson: (json) => base64Bytes(MAX_EXTENSION_SIZE).fromJson(json ?? null),
};

/** A vote as evidence holds it. Nothing but its maker's signature decides on it, so a validator may put into it all that CometBFT lets pass. */
const Vote = message({
  type: one(1, "type", int32(INT32_MAX)),
  height: one(2, "height", int64()),
  round: one(3, "round", int32(INT32_MAX)),
  blockId: one(4, "block_id", BlockId),
  timestamp: one(5, "timestamp", Timestamp),
  validatorAddress: one(6, "validator_address", address),
  validatorIndex: one(7, "validator_index", int32(INT32_MAX)),
  signature: one(8, "signature", base64Bytes(SIGNATURE_SIZE)),
  // Extensions are off in our networks, but neither this signature nor CometBFT's check of evidence covers them.
  extension: one(9, "extension", extensionBytes),
  extensionSignature: one(10, "extension_signature", extensionBytes),
});

const DuplicateVote = message({
  voteA: one(1, "vote_a", Vote),
  voteB: one(2, "vote_b", Vote),
  totalVotingPower: one(3, "TotalVotingPower", int64()),
  validatorPower: one(4, "ValidatorPower", int64()),
  timestamp: one(5, "Timestamp", Timestamp),
});

const Validator = message({
  address: one(1, "address", address),
  publicKey: one(2, "pub_key", PublicKey),
  votingPower: one(3, "voting_power", int64()),
  proposerPriority: one(4, "proposer_priority", int64(Number.MIN_SAFE_INTEGER)),
});

const LightBlock = message({
  signedHeader: one(1, "signed_header", message({ header: one(1, "header", Header), commit: one(2, "commit", Commit) })),
  validatorSet: one(
    2,
    "validator_set",
    message({ validators: many(1, "validators", Validator, MAX_VALIDATORS), proposer: optional(2, "proposer", Validator) }),
  ),
});

const LightClientAttack = message({
  conflictingBlock: one(1, "ConflictingBlock", LightBlock),
  commonHeight: one(2, "CommonHeight", int64()),
  byzantineValidators: many(3, "ByzantineValidators", Validator, MAX_VALIDATORS),
  totalVotingPower: one(4, "TotalVotingPower", int64()),
  timestamp: one(5, "Timestamp", Timestamp),
});

const messages = { 1: DuplicateVote, 2: LightClientAttack } as const;

/** What one piece of evidence convicts a validator of (cometbft types/evidence.go `ABCI`). */
export interface Conviction {
  readonly kind: "duplicateVote" | "lightClientAttack";
  readonly address: Uint8Array;
  readonly power: number;
  readonly height: number;
  readonly time: Timestamp;
  readonly totalPower: number;
}

/** One piece of evidence as a block holds it: a oneof of duplicate vote (1) and light client attack (2), kept in the protobuf it came as. */
export const Evidence: Kind<Uint8Array> = {
  wire: 2,
  isScalar: false,
  encode: (value) => value,
  decode(payload) {
    evidenceContent(payload);
    return payload;
  },
  toJson(value) {
    const { tag, payload } = contentOf(value);
    const of: Kind<unknown> = messages[tag];
    return { type: EVIDENCE_TYPE[tag], value: of.toJson(of.decode(payload)) };
  },
  fromJson(json) {
    const { type } = (json ?? {}) as { readonly type?: unknown };
    const tag = type === EVIDENCE_TYPE[1] ? 1 : 2;
    const of: Kind<unknown> = messages[tag];
    return encodeField(tag, 2, of.encode(of.fromJson(typed(json, EVIDENCE_TYPE[tag]))));
  },
};

/** The evidence without its oneof wrapper: what the header's `evidenceHash` is over. Throws SchemaError. */
export function evidenceContent(evidence: Uint8Array): Uint8Array {
  return contentOf(evidence).payload;
}

/** Whom a piece of evidence convicts. Throws SchemaError when it is not well formed. */
export function convictions(evidence: Uint8Array): Conviction[] {
  const { tag, payload } = contentOf(evidence);
  return tag === 1 ? [ofDuplicateVote(DuplicateVote.decode(payload))] : ofLightClientAttack(LightClientAttack.decode(payload));
}

function ofDuplicateVote({ voteA, validatorPower, totalVotingPower, timestamp }: ValueOf<typeof DuplicateVote>): Conviction {
  const { validatorAddress, height } = voteA;
  return { kind: "duplicateVote", address: validatorAddress, power: validatorPower, height, time: timestamp, totalPower: totalVotingPower };
}

function ofLightClientAttack(attack: ValueOf<typeof LightClientAttack>): Conviction[] {
  const { commonHeight: height, timestamp: time, totalVotingPower: totalPower } = attack;
  return attack.byzantineValidators.map(({ address, votingPower }) => {
    return { kind: "lightClientAttack", address, power: votingPower, height, time, totalPower };
  });
}

function contentOf(evidence: Uint8Array): { readonly tag: 1 | 2; readonly payload: Uint8Array } {
  const [content, ...more] = parseFields(evidence);
  if (content?.wire !== 2 || (content.tag !== 1 && content.tag !== 2) || more.length > 0)
    throw new SchemaError("one duplicate vote or light client attack is needed");
  return { tag: content.tag, payload: content.payload };
}

/** The value in CometBFT's JSON of an interface: its type's name beside it. */
function typed(json: unknown, name: string): unknown {
  const { type, value } = (json ?? {}) as { readonly type?: unknown; readonly value?: unknown };
  if (type !== name) throw new SchemaError(`${name} is needed here`);
  return value;
}
