import { type Static, Type } from "typebox";
import { AccountId, BlockTime, Bytes, GroupPoint, Hash, Integer, List, OneOf } from "../../schema/types.ts";
import { ConsensusKey, ConsensusSignature } from "../validators/schema.ts";

/** All dealings of a ceremony are checked and added up in one block. */
export const MAX_CUSTODIANS = 32;
/** Shorter windows end before a custodian has seen the block; a ceremony that runs for days blocks the next one. */
const MIN_WINDOW_MS = 10_000;
const MAX_WINDOW_MS = 86_400_000;
/** HPKE with X25519 and AES-256-GCM (RFC 9180): 32 bytes of encapsulated key, a scalar of 32 bytes, a tag of 16. */
const SEALED_SHARE_SIZE = 80;

/** What a collective key is for. Never one key in two protocols: what one of them answers could be asked through the other. */
export const Purpose = OneOf("release");
export type Purpose = Static<typeof Purpose>;
export const purposes: readonly Purpose[] = ["release"];

/** `generate` makes a key; `reshare` hands the same key to other custodians, or to the same ones with fresh shares. */
const CeremonyKind = OneOf("generate", "reshare");

/** Place of a custodian in its key set, from 1: where its share lies on the polynomial. */
export const Index = Integer(1, MAX_CUSTODIANS);
const Threshold = Integer(1, MAX_CUSTODIANS, {
  description: "how many custodians open",
});
const Indexes = List(Index, { maxItems: MAX_CUSTODIANS });
const Epoch = Integer(1, Number.MAX_SAFE_INTEGER, {
  description: "counts the key sets of one purpose",
});

const SealingKey = Bytes(32, {
  description: "X25519 public key, made for this ceremony only, to which shares are sealed",
});

/** Somebody who shall receive a share; index = place in the list. */
export const Receiver = Type.Object({ account: AccountId, sealingKey: SealingKey });

/** The key that an account has offered for the next ceremony, as custodian of an organisation whose node has vouched for it. */
export const Offer = Type.Object({ sealingKey: SealingKey, organisation: AccountId, nodeKey: ConsensusKey });
export type Offer = Static<typeof Offer>;

/** The ceremony in which a sealing key is named, and for whom; it serves no other one. Of ceremonies from before version 3 the organisation is not known. */
export const UsedKey = Type.Object({ ceremonyId: Hash, account: AccountId, organisation: Type.Optional(AccountId) });

/** Somebody who deals; in a resharing with the public share that the dealing must continue. */
const Dealer = Type.Object({
  account: AccountId,
  index: Index,
  publicShare: Type.Optional(GroupPoint),
});
export type Dealer = Static<typeof Dealer>;

const Holder = Type.Object({
  account: AccountId,
  index: Index,
  publicShare: GroupPoint,
  sealingKey: Bytes(32),
});

/** A collective key and who holds its shares. */
export const KeySet = Type.Object({
  publicKey: GroupPoint,
  epoch: Epoch,
  threshold: Threshold,
  custodians: List(Holder, { minItems: 1, maxItems: MAX_CUSTODIANS }),
  ceremonyId: Hash,
});
export type KeySet = Static<typeof KeySet>;

const Complaint = Type.Object({
  dealer: Index,
  receiver: Index,
  answered: Type.Boolean(),
});

export const FailureReason = OneOf("TooFewDealers", "TooFewReceivers", "NoKey");
export type FailureReason = Static<typeof FailureReason>;

const Outcome = Type.Union([
  Type.Object({ kind: Type.Literal("running") }),
  /** `dealers`: those whose dealings make up the key. */
  Type.Object({ kind: Type.Literal("finished"), dealers: Indexes }),
  Type.Object({ kind: Type.Literal("failed"), reason: FailureReason }),
]);

export const Ceremony = Type.Object({
  purpose: Purpose,
  kind: CeremonyKind,
  threshold: Threshold,
  dealers: List(Dealer, { minItems: 1, maxItems: MAX_CUSTODIANS }),
  dealersNeeded: Threshold,
  receivers: List(Receiver, { minItems: 1, maxItems: MAX_CUSTODIANS }),
  dealUntil: BlockTime,
  complainUntil: BlockTime,
  justifyUntil: BlockTime,
  dealt: Indexes,
  confirmed: Indexes,
  complaints: List(Complaint, { maxItems: MAX_CUSTODIANS * MAX_CUSTODIANS }),
  outcome: Outcome,
});
export type Ceremony = Static<typeof Ceremony>;

export const Running = Type.Object({ ceremonyId: Hash });

const Commitments = List(GroupPoint, {
  minItems: 1,
  maxItems: MAX_CUSTODIANS,
  description: "Feldman commitments, constant term first",
});
const SealedShares = List(Bytes(SEALED_SHARE_SIZE), {
  minItems: 1,
  maxItems: MAX_CUSTODIANS,
  description: "for each receiver in order: HPKE encapsulated key and sealed share",
});
const Share = Bytes(32, {
  description: "scalar of ristretto255, little endian",
});

/** What a dealer has dealt; its proof was checked and is not kept. */
export const Dealing = Type.Object({
  commitments: Commitments,
  sealedShares: SealedShares,
});
export type Dealing = Static<typeof Dealing>;

/** A share that a dealer has shown in the open. */
export const Justification = Type.Object({ share: Share });

export const StartCeremony = Type.Object({
  purpose: Purpose,
  kind: CeremonyKind,
  threshold: Threshold,
  custodians: List(Receiver, { minItems: 1, maxItems: MAX_CUSTODIANS }),
  windowMs: Integer(MIN_WINDOW_MS, MAX_WINDOW_MS, {
    description: "time for dealing, then again for complaints, then for answers",
  }),
});
export const OfferKey = Type.Object({
  organisation: AccountId,
  sealingKey: Bytes(32, { description: "X25519 public key, made for the next ceremony only, to which shares are to be sealed" }),
  proof: ConsensusSignature,
});
export const Deal = Type.Object({
  ceremonyId: Hash,
  commitments: Commitments,
  proof: Bytes(64, {
    description: "proof of possession of the constant term, for this ceremony and dealer",
  }),
  sealedShares: SealedShares,
});
export const Complain = Type.Object({ ceremonyId: Hash, dealer: Index });
export const Justify = Type.Object({
  ceremonyId: Hash,
  receiver: Index,
  share: Share,
});
export const Confirm = Type.Object({ ceremonyId: Hash });

export const KeyOffered = Type.Object({ ...Receiver.properties, organisation: AccountId });
export const CustodianReference = Receiver;
export const CustodianStatus = Type.Object({ organisation: AccountId });
export const CeremonyStarted = Type.Object({
  ceremonyId: Hash,
  purpose: Purpose,
  kind: CeremonyKind,
  threshold: Threshold,
  dealers: List(Dealer, { minItems: 1, maxItems: MAX_CUSTODIANS }),
  receivers: List(Receiver, { minItems: 1, maxItems: MAX_CUSTODIANS }),
  dealUntil: BlockTime,
  complainUntil: BlockTime,
  justifyUntil: BlockTime,
});
export const Dealt = Type.Object({ ceremonyId: Hash, dealer: Index });
export const Complained = Type.Object({
  ceremonyId: Hash,
  dealer: Index,
  receiver: Index,
});
export const Confirmed = Type.Object({ ceremonyId: Hash, receiver: Index });
export const Finished = Type.Object({
  purpose: Purpose,
  ...KeySet.properties,
  dealers: Indexes,
});
export const Failed = Type.Object({
  ceremonyId: Hash,
  purpose: Purpose,
  reason: FailureReason,
});
