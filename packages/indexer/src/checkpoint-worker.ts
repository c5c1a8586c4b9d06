import { parentPort, workerData } from "node:worker_threads";
import Sqlite from "better-sqlite3";

// The thread that `checkpoints.ts` starts. PASSIVE: takes what it can without making anybody wait.
const EVERY_MS = 1_000;
const sqlite = new Sqlite(workerData as string, { fileMustExist: true });
const timer = setInterval(() => sqlite.pragma("wal_checkpoint(PASSIVE)"), EVERY_MS);
parentPort!.once("message", () => {
  clearInterval(timer);
  sqlite.close();
});
