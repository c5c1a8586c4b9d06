import { once } from "node:events";
import { Worker } from "node:worker_threads";
import type Sqlite from "better-sqlite3";

export interface Checkpoints {
  /** Ends the thread. To be called before the database is closed. */
  stop(): Promise<void>;
}

/** 64 MiB of pages. Only when the thread does not keep up does a write take the checkpoint upon itself. */
const MOST_PAGES = 16_384;

/**
 * Moves SQLite's write-ahead log into its file from a thread of its own. Without it every thousandth page makes a write wait for the disk, 20 to 50 ms in the
 * thread that executes blocks (measured with 100 grants a block). `failed` hears why the thread ended by itself.
 */
export function startCheckpoints(sqlite: Sqlite.Database, failed: (cause: unknown) => void): Checkpoints {
  if (sqlite.memory) return { stop: async () => {} };
  sqlite.pragma(`wal_autocheckpoint = ${MOST_PAGES}`);
  const worker = new Worker(new URL("./checkpoint-worker.ts", import.meta.url), { workerData: sqlite.name });
  worker.unref(); // no reason for a process to go on
  const ended = once(worker, "exit").catch(failed);
  return {
    async stop() {
      worker.ref();
      worker.postMessage("stop");
      await ended;
    },
  };
}
