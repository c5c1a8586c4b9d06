import { Worker } from "node:worker_threads";
import type { Search } from "./find-solutions.ts";

/** Threads that search side by side. */
export interface SearchThreads {
  /** Searches a range that is divided among the threads; solutions come in ascending order. */
  search(search: Search): Promise<number[]>;
  close(): Promise<void>;
}

export function openSearchThreads(count: number): SearchThreads {
  const workers = Array.from({ length: count }, () => new Worker(new URL("./search-worker.ts", import.meta.url)));
  return {
    async search({ from, to, ...puzzle }) {
      const size = Math.ceil((to - from) / count);
      const parts = workers.map((worker, at) => {
        return ask(worker, { ...puzzle, from: Math.min(to, from + at * size), to: Math.min(to, from + (at + 1) * size) });
      });
      return (await Promise.all(parts)).flat();
    },
    async close() {
      await Promise.all(workers.map((worker) => worker.terminate()));
    },
  };
}

function ask(worker: Worker, search: Search): Promise<number[]> {
  return new Promise((resolve, reject) => {
    const settle = () => {
      worker.off("message", answered);
      worker.off("error", failed);
    };
    const answered = (found: number[]) => {
      settle();
      resolve(found);
    };
    const failed = (error: Error) => {
      settle();
      reject(error);
    };
    worker.on("message", answered);
    worker.on("error", failed);
    worker.postMessage(search);
  });
}
