import { type Static, Type } from "typebox";
import { AccountId, BlockTime, Bytes, Hash, List, OneOf } from "../../schema/types.ts";
import { Compartment, MAX_LABELS, Request } from "../vault/schema.ts";

/** Emergencies of one reader within a day: a night in a busy ward, and far too few to look through a town. */
export const MAX_USES_PER_DAY = 8;
export const DAY_MS = 86_400_000;
/** What one answer lists. */
export const MAX_LISTED = 32;

/** What opens in an emergency. */
const Opens = Type.Union([
  Type.Object({ kind: Type.Literal("everything") }),
  Type.Object({ kind: Type.Literal("compartments"), labels: List(Compartment, { minItems: 1, maxItems: MAX_LABELS }) }),
]);

/** An owner's setting. Without one, nothing opens. */
export const Setting = Type.Object({ opens: Opens, setBy: AccountId, since: BlockTime });
export type Setting = Static<typeof Setting>;

/** When a reader used it within the last day. */
export const Uses = Type.Object({ times: List(BlockTime, { minItems: 1, maxItems: MAX_USES_PER_DAY }) });

export const Judgement = OneOf("justified", "unjustified");
const Finding = Type.Object({ judgement: Judgement, by: AccountId, at: BlockTime });

/** A use, and what its owner and an auditor found. */
export const Use = Type.Object({
  owner: AccountId,
  reader: AccountId,
  at: BlockTime,
  byOwner: Type.Optional(Finding),
  byAuditor: Type.Optional(Type.Object({ ...Finding.properties, organisation: AccountId })),
});
export type Use = Static<typeof Use>;
export const Unreviewed = Type.Object({ releaseId: Hash });

export const Allow = Type.Object({ owner: AccountId, opens: Opens });
export const OwnerReference = Type.Object({ owner: AccountId });
export const RequestInEmergency = Type.Object({
  objects: Request.properties.objects,
  reasonHash: Bytes(32, { description: "SHA-256 of 32 random bytes and the stated reason, which the reader keeps for the review" }),
  proof: Request.properties.proof,
});
export const Review = Type.Object({
  releaseId: Hash,
  judgement: Judgement,
  organisation: Type.Optional(AccountId),
});

export const Allowed = Type.Object({ ...OwnerReference.properties, ...Setting.properties });
export const Forbidden = Type.Object({ owner: AccountId, forbiddenBy: AccountId });
export const Used = Type.Object({ releaseId: Hash, owner: AccountId, reader: AccountId, at: BlockTime });
export const Reviewed = Type.Object({ ...Review.properties, owner: AccountId, reader: AccountId, by: AccountId });

export const UseReference = Type.Object({ releaseId: Hash });
export const UseStatus = Type.Object({ ...UseReference.properties, ...Use.properties });
export const UnreviewedFrom = Type.Object({
  from: Type.Optional(BlockTime),
  after: Type.Optional(
    Bytes(32, { description: "the last reading of the answer before, whose time `from` is then: it goes on after that one" }),
  ),
});
export const UnreviewedUses = Type.Object({ uses: List(UseStatus, { maxItems: MAX_LISTED }) });
export const SettingStatus = Type.Object({ setting: Type.Optional(Setting) });
