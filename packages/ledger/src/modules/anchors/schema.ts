import { type Static, Type } from "typebox";
import { AccountId, BlockTime, Hash, Height, Integer, List, Text } from "../../schema/types.ts";

/** How many anchors one answer lists. */
export const MAX_LISTED = 64;

const Count = Integer(0, Number.MAX_SAFE_INTEGER);

/** The header of a block, and where outside the network it was published. */
export const Publication = Type.Object({
  height: Integer(1, Number.MAX_SAFE_INTEGER, { description: "height of the block whose header was published" }),
  headerHash: Hash,
  place: Text(300, { description: "where anybody finds it: an address, an issue and page, a transaction of another chain" }),
});
export type Publication = Static<typeof Publication>;

/** A publication, and the member organisation that states it. */
export const Anchor = Type.Object({ organisation: AccountId, height: Height, headerHash: Hash, place: Text(300), recordedAt: BlockTime });
export type Anchor = Static<typeof Anchor>;

export const Recorded = Type.Object({ organisation: AccountId, ...Publication.properties });

export const AnchorsBefore = Type.Object({ before: Type.Optional(Count), limit: Integer(1, MAX_LISTED) });
export const Anchors = Type.Object({
  total: Count,
  anchors: List(Type.Object({ number: Count, ...Anchor.properties }), { maxItems: MAX_LISTED }),
});
