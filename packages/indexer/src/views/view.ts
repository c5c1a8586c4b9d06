import type { Writer } from "../database.ts";
import type { IndexedBlock } from "../source.ts";

/** What one kind of event changes in the tables. Runs inside the transaction of its block. */
export type Projection = (writer: Writer, data: never, block: IndexedBlock) => Promise<unknown>;

/** Projections by event type. Events without one leave no trace in the read model. */
export type View = Readonly<Record<string, Projection>>;
