import type { Writer } from "../database.ts";
import type { BlockSource, IndexedBlock } from "../source.ts";

/** Present state, for events that only say that something has changed. What changes again brings a later event, so tables end the same however they were read. */
export type PresentState = Pick<BlockSource, "keysOf">;

/** What one kind of event changes in the tables. Runs inside the transaction of its block. */
export type Projection = (writer: Writer, data: never, block: IndexedBlock, present: PresentState) => Promise<unknown>;

/** Projections by event type. Events without one leave no trace in the read model. */
export type View = Readonly<Record<string, Projection>>;
