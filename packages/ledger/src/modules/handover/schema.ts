import { type Static, Type } from "typebox";
import { BlockTime, Hash, Text } from "../../schema/types.ts";

export const Successor = Type.Object({
  chainId: Text(50, { description: "name of the network in which this one goes on" }),
  successorHash: Hash,
});
export type Successor = Static<typeof Successor>;

/** The network that goes on from this chain, and since when this one takes nothing more. */
export const Announcement = Type.Object({ chainId: Text(50), successorHash: Hash, announcedAt: BlockTime });
export const Nothing = Type.Object({});
