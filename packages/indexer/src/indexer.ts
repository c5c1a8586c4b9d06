import { startCheckpoints } from "./checkpoints.ts";
import { type Database, deleteDatabase, type HearDamage, isDamage, type OpenDatabase, openDatabase, type Writer } from "./database.ts";
import { createGrantLister, type ListGrantsTo } from "./grants-to.ts";
import { type CountReleases, createReleaseCounter } from "./release-counts.ts";
import type { BlockSource, IndexedBlock } from "./source.ts";
import { hasCurrentTables, recreateTables } from "./tables.ts";
import { createTimeSlices } from "./time-slices.ts";
import { accountsView } from "./views/accounts.ts";
import { approvalsView } from "./views/approvals.ts";
import { recordsView } from "./views/records.ts";
import { validatorsView } from "./views/validators.ts";
import { vaultView } from "./views/vault.ts";
import type { View } from "./views/view.ts";

/** One view a module, in the modules' order. */
const views: View = { ...accountsView, ...approvalsView, ...vaultView, ...recordsView, ...validatorsView };

/** The read model: tables that follow the ledger and can be thrown away. */
export interface Indexer {
  readonly db: Database;
  /** Height of the last block in the tables. */
  height(): Promise<number>;
  /** Resolves when every block that was durable at the call is in the tables, or else all before the first one that is missing: `height` tells. */
  caughtUp(): Promise<void>;
  readonly countReleases: CountReleases;
  readonly grantsTo: ListGrantsTo;
  /** Empties the tables and reads the ledger from its first block. */
  rebuild(): Promise<void>;
  /** Rejects with the cause when a block could not be indexed; the tables then stay where they are. */
  readonly failure: Promise<never>;
  close(): Promise<void>;
}

export interface IndexerOptions {
  readonly path: string;
  readonly source: BlockSource;
  /** Hears once that the disk has damaged the file. */
  readonly damaged?: (cause: unknown) => void;
}

/**
 * Opens the read model in an SQLite file (or `:memory:`) and follows `source`: each block in one SQL transaction together with the cursor, so
 * exactly once. A file of another schema version is rebuilt. One that the disk has damaged is deleted as soon as that is met, so that this opening, or else
 * the next, makes it anew. Throws SqliteError where the file cannot be opened and written.
 */
export async function openIndexer(options: IndexerOptions): Promise<Indexer> {
  try {
    return await openOnce(options);
  } catch (error) {
    if (!isDamage(error)) throw error;
    return openOnce(options);
  }
}

async function openOnce({ path, source, damaged = () => {} }: IndexerOptions): Promise<Indexer> {
  let isDiscarded = false;
  function discard(cause: unknown): void {
    if (isDiscarded || !isDamage(cause)) return;
    isDiscarded = true;
    deleteDatabase(path);
    damaged(cause);
  }

  try {
    return await follow(openTables(path, discard), source, discard);
  } catch (error) {
    discard(error);
    throw error;
  }
}

function openTables(path: string, hearDamage: HearDamage): OpenDatabase {
  const opened = openDatabase(path, hearDamage);
  try {
    if (!hasCurrentTables(opened.sqlite)) recreateTables(opened.sqlite);
    // A file that may only be read opens as well, and would say so at the first block that is to be written.
    opened.sqlite.exec("update cursor set height = height");
    return opened;
  } catch (error) {
    opened.sqlite.close();
    throw error;
  }
}

async function follow({ sqlite, db }: OpenDatabase, source: BlockSource, hearDamage: HearDamage): Promise<Indexer> {
  const { promise: failure, reject } = Promise.withResolvers<never>();
  failure.catch(() => {}); // who closes without looking at `failure` has not asked
  function fail(cause: unknown): void {
    hearDamage(cause);
    reject(cause);
  }

  const checkpoints = startCheckpoints(sqlite, fail);
  let closed = false;
  let work: Promise<unknown> = Promise.resolve();

  /** One piece of work after the other, so that blocks stay in order. */
  function enqueue(task: () => Promise<void>): Promise<void> {
    const done = work.then(task);
    work = done.catch(fail);
    return done;
  }

  async function catchUp(): Promise<void> {
    // All of it answers at once: without turns the node would hear nothing before the last block, neither votes nor that it is to stop.
    const giveTurn = createTimeSlices();
    for (let height = (await cursor(db)) + 1; !closed && height <= source.height; height++) {
      const block = source.block(height);
      // Not there yet: nothing that happened may be left out, so the tables wait for it.
      if (!block) return;
      await db.transaction().execute((writer) => applyBlock(writer, block, source));
      await giveTurn();
    }
  }

  async function rebuild(): Promise<void> {
    recreateTables(sqlite);
    await catchUp();
  }

  const stopListening = source.subscribe(() => void enqueue(catchUp).catch(() => {})); // told through `failure`
  async function close(): Promise<void> {
    closed = true;
    stopListening();
    await work;
    await checkpoints.stop();
    await db.destroy();
  }

  try {
    const isAhead = (await cursor(db)) > source.height; // of another chain, or of a ledger restored from an older backup
    await enqueue(isAhead ? rebuild : catchUp);
  } catch (error) {
    await close();
    throw error;
  }
  return {
    db,
    height: () => cursor(db),
    caughtUp: () => enqueue(catchUp),
    countReleases: createReleaseCounter(db),
    grantsTo: createGrantLister(db),
    rebuild: () => enqueue(rebuild),
    failure,
    close,
  };
}

async function cursor(db: Database): Promise<number> {
  return (await db.selectFrom("cursor").select("height").executeTakeFirstOrThrow()).height;
}

async function applyBlock(writer: Writer, block: IndexedBlock, source: BlockSource): Promise<void> {
  for (const { type, data } of block.events) await views[type]?.(writer, data as never, block, source);
  await writer.updateTable("cursor").set({ height: block.height }).execute();
}
