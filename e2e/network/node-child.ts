import { fork } from "node:child_process";
import { once } from "node:events";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { StartCommand } from "./node-child-main.ts";

/** A node in a process of its own. */
export interface NodeChild {
  readonly running: undefined;
  stop(): Promise<void>;
  kill(): Promise<void>;
  ended(): Promise<void>;
}

/** A test that fails must leave no node behind. */
const running = new Set<{ kill(signal: "SIGKILL"): boolean }>();
process.once("exit", () => {
  for (const child of running) child.kill("SIGKILL");
});

/** Starts the process and resolves when its node answers. Rejects with what it said when it ends before. */
export async function startNodeChild(command: StartCommand): Promise<NodeChild> {
  // As the command line does: what was compiled once is not compiled at every start.
  const env = { ...process.env, NODE_COMPILE_CACHE: join(tmpdir(), "node-compile-cache") };
  const child = fork(new URL("node-child-main.ts", import.meta.url), { env, execArgv: [], stdio: ["ignore", "pipe", "pipe", "ipc"] });
  running.add(child);
  let output = "";
  for (const stream of [child.stdout!, child.stderr!]) stream.setEncoding("utf8").on("data", (text: string) => (output += text));
  const exited = once(child, "exit").then(() => void running.delete(child));
  child.send(command);
  const failed = exited.then(() => Promise.reject(new Error(`the node ended before it answered: ${output}`)));
  failed.catch(() => {}); // heard only while it starts
  await Promise.race([once(child, "message"), failed]);
  return {
    running: undefined,
    async stop() {
      child.kill("SIGTERM");
      await exited;
    },
    async kill() {
      child.kill("SIGKILL");
      await exited;
    },
    ended: () => exited,
  };
}
