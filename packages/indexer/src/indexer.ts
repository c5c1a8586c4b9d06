import { startCheckpoints } from "./checkpoints.ts";
import { type Database, openSoundDatabase, type Writer } from "./database.ts";
import { type CountReleases, createReleaseCounter } from "./release-counts.ts";
import type { BlockSource, IndexedBlock } from "./source.ts";
import { hasCurrentTables, recreateTables } from "./tables.ts";
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
  /** Resolves when every block that was durable at the call is in the tables. */
  caughtUp(): Promise<void>;
  readonly countReleases: CountReleases;
  /** Empties the tables and reads the ledger from its first block. */
  rebuild(): Promise<void>;
  /** Rejects with the cause when a block could not be indexed; the tables then stay where they are. */
  readonly failure: Promise<never>;
  close(): Promise<void>;
}

export interface IndexerOptions {
  readonly path: string;
  readonly source: BlockSource;
  readonly damaged?: (cause: unknown) => void;
}

/**
 * Opens the read model in an SQLite file (or `:memory:`) and follows `source`: each block in one SQL transaction together with the cursor, so
 * exactly once. A file of another schema version is rebuilt, and so is one that the disk has damaged, of which `damaged` hears.
 */
export async function openIndexer({ path, source, damaged = () => {} }: IndexerOptions): Promise<Indexer> {
  const { sqlite, db } = openSoundDatabase(path, damaged);
  if (!hasCurrentTables(sqlite)) recreateTables(sqlite);
  const { promise: failure, reject: fail } = Promise.withResolvers<never>();
  failure.catch(() => {}); // who closes without looking at `failure` has not asked
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
    for (let height = (await cursor(db)) + 1; !closed && height <= source.height; height++) {
      const block = source.block(height);
      // Not there yet: nothing that happened may be left out, so the tables wait for it.
      if (!block) return;
      await db.transaction().execute((writer) => applyBlock(writer, block, source));
    }
  }

  const stopListening = source.subscribe(() => void enqueue(catchUp).catch(() => {})); // told through `failure`
  if ((await cursor(db)) > source.height) recreateTables(sqlite); // of another chain, or of a ledger restored from an older backup
  await enqueue(catchUp);

  return {
    db,
    height: () => cursor(db),
    caughtUp: () => enqueue(catchUp),
    countReleases: createReleaseCounter(db),
    rebuild: () =>
      enqueue(async () => {
        recreateTables(sqlite);
        await catchUp();
      }),
    failure,
    async close() {
      closed = true;
      stopListening();
      await work;
      await checkpoints.stop();
      await db.destroy();
    },
  };
}

async function cursor(db: Database): Promise<number> {
  return (await db.selectFrom("cursor").select("height").executeTakeFirstOrThrow()).height;
}

async function applyBlock(writer: Writer, block: IndexedBlock, source: BlockSource): Promise<void> {
  for (const { type, data } of block.events) await views[type]?.(writer, data as never, block, source);
  await writer.updateTable("cursor").set({ height: block.height }).execute();
}
