import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { open, readFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { nativeCrypto } from "@galen/node/crypto/native";
import { type Client, createClient, status, type Trust } from "@galen/sdk";
import type { Place } from "./places.ts";

const GALEN = fileURLToPath(new URL("../../packages/cli/bin/galen.js", import.meta.url));
/** Until a node counts as one that does not answer. */
const ANSWER_TIMEOUT_MS = 2_000;
/** What must hold does so however slow the machine is: it is asked for with patience. */
const CLIENT_TIMEOUT_MS = 20_000;
const POLL_MS = 100;

/** A node of the lab: one `galen start` with its CometBFT, in its place. */
export interface LabNode {
  readonly name: string;
  readonly folder: string;
  readonly url: string;
  readonly place: Place;
  readonly client: Client;
  /** Hex. */
  readonly validatorKey: string;
  /** Starts it and resolves when it serves. Rejects with the end of its log when it ends instead. */
  start(environment?: Readonly<Record<string, string>>): Promise<void>;
  /** As an operator stops it. Gives the exit code. */
  stop(): Promise<number | null>;
  /** `kill -9` of Galen; its CometBFT ends by itself. */
  kill(): Promise<void>;
  /** Stops Galen and CometBFT where they stand, as a machine that hangs. */
  pause(): Promise<void>;
  resume(): void;
  /** Resolves with the exit code when the process ends by itself. */
  ended(): Promise<number | null>;
  isRunning(): boolean;
  /** Height of its last block; undefined when it does not answer. */
  height(): Promise<number | undefined>;
}

/** All processes of the lab; none may outlive it. */
const running = new Set<number>();
process.once("exit", () => {
  for (const processId of running) signal(processId, "SIGKILL");
});

export interface LabNodeOptions {
  readonly name: string;
  readonly folder: string;
  readonly url: string;
  readonly place: Place;
  readonly validatorKey: string;
  readonly trust: Trust;
}

export function createLabNode({ trust, ...options }: LabNodeOptions): LabNode {
  const { folder, url, place } = options;
  const client = createClient({ url, trust, crypto: nativeCrypto, timeoutMs: CLIENT_TIMEOUT_MS });
  let child: ChildProcess | undefined;
  let exited: Promise<number | null> = Promise.resolve(null);
  let paused: readonly number[] = [];

  async function start(environment: Readonly<Record<string, string>> = {}): Promise<void> {
    const log = await open(join(folder, "node.log"), "a");
    const args = [GALEN, "start", "--config", join(folder, "galen.config.json"), "--data", folder, "--json"];
    const command = place.command(process.execPath, args);
    const spawned = spawn(command.program, command.args, { env: { ...process.env, ...environment }, stdio: ["ignore", log.fd, log.fd] });
    child = spawned;
    running.add(spawned.pid!);
    exited = once(spawned, "exit").then(async ([code]) => {
      running.delete(spawned.pid!);
      await log.close();
      return code as number | null;
    });
    while (!(await answers())) {
      if (spawned.exitCode !== null || spawned.signalCode !== null) throw new Error(`${options.name} ended: ${await lastLines(folder)}`);
      await sleep(POLL_MS);
    }
  }

  async function answers(): Promise<boolean> {
    return fetch(`${url}/v1/health/live`, { signal: AbortSignal.timeout(ANSWER_TIMEOUT_MS) }).then(
      ({ ok }) => ok,
      () => false,
    );
  }

  function resume(): void {
    for (const processId of paused) signal(processId, "SIGCONT");
    paused = [];
  }

  return {
    ...options,
    client,
    start,
    async stop() {
      child?.kill("SIGTERM");
      return exited;
    },
    async kill() {
      child?.kill("SIGKILL");
      resume(); // a CometBFT that stands still does not notice
      await exited;
    },
    async pause() {
      paused = [child!.pid!, ...(await childrenOf(child!.pid!))];
      for (const processId of paused) signal(processId, "SIGSTOP");
    },
    resume,
    ended: () => exited,
    isRunning: () => child !== undefined && running.has(child.pid!),
    height: async () =>
      status({ ...client, timeoutMs: ANSWER_TIMEOUT_MS }).then(
        ({ height }) => height,
        () => undefined,
      ),
  };
}

async function childrenOf(processId: number): Promise<readonly number[]> {
  const text = await readFile(`/proc/${processId}/task/${processId}/children`, "utf8");
  return text.split(" ").filter(Boolean).map(Number);
}

function signal(processId: number, name: NodeJS.Signals): void {
  try {
    process.kill(processId, name);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
  }
}

async function lastLines(folder: string): Promise<string> {
  return (await readFile(join(folder, "node.log"), "utf8")).trimEnd().split("\n").slice(-8).join("\n");
}
