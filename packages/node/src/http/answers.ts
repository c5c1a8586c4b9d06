import { Role, Scope } from "@galen/ledger/modules/accounts/schema";
import { AccountId, BlockTime, Bytes, GroupPoint, Hash, Height, ObjectId, OneOf } from "@galen/ledger/schema/types";
import { type TSchema, Type } from "typebox";

/*
 * What the routes answer in JSON, for the description of the API. Fields may be added within version 1; a test holds every route against its schema, in both
 * directions.
 */

const Hex = Type.Unsafe<string>({ type: "string", pattern: "^([0-9a-f]{2})*$", description: "bytes, lowercase hexadecimal" });
const Count = Type.Integer({ minimum: 0 });
const orNull = <T extends TSchema>(schema: T) => Type.Union([schema, Type.Null()]);
const Anything = Type.Object({}, { additionalProperties: true });

const Validators = Type.Array(
  Type.Object({
    address: Type.String(),
    pub_key: Type.Object({ type: Type.String(), value: Type.String() }),
    voting_power: Type.String(),
    proposer_priority: Type.String(),
  }),
  { description: "in the field names of CometBFT's RPC" },
);
const SignedHeader = Type.Object({ header: Anything, commit: Anything }, { description: "in the field names of CometBFT's RPC" });
const Event = Type.Object({ type: Type.String(), data: Anything });
const custodianShare = { index: orNull(Count), epoch: orNull(Count) };

export const StatusAnswer = Type.Object({
  chainId: Type.String(),
  height: Height,
  durableHeight: Height,
  blockTime: BlockTime,
  appVersion: Count,
  newestVersion: Count,
  appHash: Hex,
  validator: Bytes(32, { description: "this node's validator key" }),
  collectiveKey: orNull(GroupPoint),
  custodyEpoch: orNull(Count),
  indexedHeight: Height,
  healing: Type.Object({
    blobs: Type.Object({
      state: OneOf("waiting", "checking", "complete"),
      checked: Count,
      repaired: Count,
      repairedFrom: Type.Optional(Hash),
      repairedTo: Type.Optional(Hash),
      lost: Count,
    }),
    history: Type.Object({
      state: OneOf("checking", "complete", "missing"),
      checkedFrom: Type.Optional(Height),
      repaired: Count,
      repairedFrom: Type.Optional(Height),
      repairedTo: Type.Optional(Height),
    }),
  }),
  software: Type.String({ description: "name and version" }),
});

export const HealthAnswer = Type.Object({ status: Type.Literal("ok") }, { description: "it does" });

export const PeersAnswer = Type.Object({
  chainId: Type.String(),
  key: Bytes(32, { description: "this node's validator key" }),
  height: Height,
  publicUrl: orNull(Type.String()),
  custodian: orNull(Type.Object({ account: AccountId, ...custodianShare })),
  peers: Type.Array(
    Type.Object({
      url: Type.String(),
      key: orNull(Bytes(32)),
      isReachable: Type.Boolean(),
      height: orNull(Height),
      lag: orNull(Type.Integer({ description: "blocks behind this node; below 0 when this one is behind" })),
      custodian: orNull(Type.Object({ index: orNull(Count) })),
    }),
  ),
});

export const ExecutedAnswer = Type.Object(
  { txHash: Hash, height: Height, index: Count, events: Type.Array(Event) },
  { description: "it is durable in a block" },
);
export const AdmittedAnswer = Type.Object({ txHash: Hash }, { description: "it waits for its block" });
export const PendingAnswer = Type.Object({ txHash: Hash, pending: Type.Literal(true) }, { description: "it waits for its block" });

export const TransactionAnswer = Type.Object({
  txHash: Hash,
  height: Height,
  index: Count,
  bytes: Hex,
  code: Count,
  refusal: orNull(Type.Object({ id: Type.String(), status: Count, sentence: Type.String(), details: Anything })),
  data: Hex,
  events: Type.Array(Event),
});

export const TransactionProofAnswer = Type.Object({
  txHash: Hash,
  height: Height,
  index: Count,
  total: Count,
  bytes: Hex,
  inclusion: Type.Array(Hash),
  result: Type.Object({ code: Count, data: Hex }),
  resultInclusion: Type.Array(Hash),
  signedHeader: SignedHeader,
  nextSignedHeader: SignedHeader,
  validators: Validators,
  nextValidators: Validators,
  events: Type.Array(Hex),
});

export const HeaderAnswer = Type.Object({ signed_header: SignedHeader, validators: Validators });
export const ValidatorsAnswer = Type.Object({ validators: Validators });
export const BlockAnswer = Type.Object({ height: Height, time: BlockTime, txHashes: Type.Array(Hash), block: Hex });

const record = { key: Type.String(), value: orNull(Hex), proof: Hex };
const sealed = { signedHeader: SignedHeader, validators: Validators };
const NEXT_HEADER = "the signed header is that of height + 1";
export const StateAnswer = Type.Object({ height: Height, ...record, ...sealed }, { description: NEXT_HEADER });
export const StateProofsAnswer = Type.Object(
  { height: Height, records: Type.Array(Type.Object(record), { description: "in the order of the keys" }), ...sealed },
  { description: NEXT_HEADER },
);

const signature = { publicKey: Bytes(32), signature: Bytes(64) };
export const StoredAnswer = Type.Object({
  addresses: Type.Array(Hash),
  receipts: Type.Array(Type.Object({ ...signature, power: Count }), { description: "this node's own first" }),
  totalPower: Count,
});

export const SharesAnswer = Type.Object({
  custodian: Type.Integer({ minimum: 1, description: "its index" }),
  epoch: Count,
  shares: Type.Array(GroupPoint, { description: "in the order of the request" }),
  proof: Bytes(64, { description: "that all of them are by the share that the ledger knows" }),
});

export const CustodianAnswer = Type.Object({ account: AccountId, sealingKey: Bytes(32), ...custodianShare });
export const ServedLogAnswer = Type.Object({
  entries: Type.Array(
    Type.Object({ number: Count, releaseId: Hash, reader: AccountId, epoch: Count, height: Height, previous: Hash, hash: Hash }),
  ),
  next: orNull(Count),
});

export const CardKeysAnswer = Type.Object({
  keys: Type.Array(
    Type.Object({
      kty: Type.Literal("EC"),
      crv: Type.Literal("P-256"),
      x: Type.String(),
      y: Type.String(),
      kid: Type.String(),
      use: Type.Literal("sig"),
      alg: Type.Literal("ES256"),
    }),
  ),
});

const PAGE = "newest first; hand `next` in as `before` for the page after";
const pageOf = (fields: Record<string, TSchema>) =>
  Type.Object({ height: Height, items: Type.Array(Type.Object({ ...fields, number: Count })), next: orNull(Count) }, { description: PAGE });

export const RecordsAnswer = pageOf({
  objectId: ObjectId,
  owner: AccountId,
  author: AccountId,
  organisation: orNull(AccountId),
  compartment: Bytes(32),
  sizeBytes: Count,
  relation: Type.String(),
  relatedObject: orNull(ObjectId),
  createdAt: BlockTime,
  erasedAt: orNull(BlockTime),
});

export const ReleasesAnswer = pageOf({
  releaseId: Hash,
  owner: AccountId,
  reader: AccountId,
  purpose: Type.String(),
  grantId: orNull(Hash),
  outcome: OneOf("released", "refused"),
  reason: Type.String({ description: "by what right, or why not" }),
  objectIds: Type.Array(ObjectId),
  at: BlockTime,
  height: Height,
});

export const GrantsAnswer = pageOf({
  grantId: Hash,
  owner: AccountId,
  grantedBy: AccountId,
  granteeKind: Type.String(),
  grantee: AccountId,
  role: orNull(Role),
  covers: Anything,
  purposes: Type.Array(Type.String()),
  validFrom: BlockTime,
  validUntil: BlockTime,
  readsLeft: orNull(Count),
  credentialType: orNull(Type.String()),
  createdAt: BlockTime,
  revokedAt: orNull(BlockTime),
});

export const AccountsAnswer = Type.Object({ height: Height, items: Type.Array(Type.Object({ account: AccountId })) });
export const MembersAnswer = pageOf({ member: AccountId, roles: Type.Array(Role), until: orNull(BlockTime) });
export const GuardianshipsAnswer = pageOf({ account: AccountId, guardian: AccountId });
export const DelegationsAnswer = pageOf({
  owner: AccountId,
  delegate: AccountId,
  scopes: Type.Array(Scope),
  until: BlockTime,
  ground: Type.String(),
});

export const ProposalsAnswer = pageOf({
  proposalId: Hash,
  proposer: AccountId,
  version: Count,
  messagesHash: Hash,
  messages: Type.Array(Type.Object({ type: Type.String(), value: Hex })),
  about: OneOf("access", "decision"),
  asked: Type.Array(AccountId),
  createdAt: BlockTime,
  expiresAt: BlockTime,
  refusalCode: orNull(Count),
  ending: orNull(OneOf("executed", "declined", "withdrawn", "expired")),
  endedAt: orNull(BlockTime),
  votes: Type.Array(Type.Object({ account: AccountId, vote: OneOf("approved", "declined"), at: BlockTime })),
});

export const ValidatorSetsAnswer = pageOf({
  height: Height,
  at: BlockTime,
  epoch: Count,
  policy: OneOf("equal", "stake", "delegated", "work"),
  isComplete: Type.Boolean({ description: "false when a further step follows in the next epoch" }),
  validators: Type.Array(Type.Object({ publicKey: Bytes(32), organisation: orNull(AccountId), power: Count })),
});

export const ReleaseCountsAnswer = Type.Object({
  height: Height,
  items: Type.Array(
    Type.Object({
      start: BlockTime,
      kind: Type.String({ description: "a purpose, or an organisation, empty for none" }),
      opened: Count,
      refused: Count,
    }),
  ),
});
