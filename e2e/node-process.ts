import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import type { NodeMessage, OpenCommand } from "./kill-node.ts";

export type Opened = Extract<NodeMessage, { readonly kind: "opened" }>;

/** A node in a process of its own. */
export interface NodeProcess {
  /** Resolves when the process is ready to open a data folder at once. */
  readonly loaded: Promise<void>;
  /** Opens the data folder and resolves when the node serves; undefined when it was killed before. */
  open(command: OpenCommand): Promise<Opened | undefined>;
  /** `kill -9`. Resolves when the process is gone. */
  kill(): Promise<void>;
  /** Lets the node finish what it has begun, and end. */
  stop(): Promise<void>;
}

/** Starts a process that loads the node's modules and waits. In `compileCache` the processes leave compiled code to each other. */
export function startNodeProcess(compileCache: string): NodeProcess {
  const child = fork(new URL("kill-node.ts", import.meta.url), {
    execArgv: [],
    env: { ...process.env, NODE_COMPILE_CACHE: compileCache },
    stdio: ["ignore", "pipe", "pipe", "ipc"],
  });
  const output: Buffer[] = [];
  for (const stream of [child.stdout!, child.stderr!]) stream.on("data", (text: Buffer) => output.push(text));
  const exited = once(child, "exit");
  let isKilled = false;

  /** Rejects if the process ends by itself. */
  async function end(): Promise<undefined> {
    const [code] = (await exited) as [number | null];
    if (!isKilled && code !== 0) throw new Error(`the node ended by itself with ${code}:\n${Buffer.concat(output).toString()}`);
    return undefined;
  }

  return {
    loaded: Promise.race([nextMessage(child).then(() => undefined), end()]),
    async open(command) {
      const opened = nextMessage(child);
      child.send(command);
      return (await Promise.race([opened, end()])) as Opened | undefined;
    },
    async kill() {
      isKilled = true;
      child.kill("SIGKILL");
      await exited;
    },
    async stop() {
      child.kill("SIGTERM");
      await end();
    },
  };
}

async function nextMessage(child: ChildProcess): Promise<NodeMessage> {
  const [message] = (await once(child, "message")) as [NodeMessage];
  return message;
}
