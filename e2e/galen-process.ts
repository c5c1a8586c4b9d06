import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import type { Place } from "./faults/places.ts";

const GALEN = fileURLToPath(new URL("../packages/cli/bin/galen.js", import.meta.url));

/** How a run of the `galen` command ended. */
export interface GalenRun {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A network that `galen start` serves in a process of its own. */
export interface GalenNetwork {
  readonly url: string;
  readonly process: ChildProcess;
  /** SIGTERM, as Ctrl-C: ends cleanly. Gives the exit code. */
  stop(): Promise<number | null>;
  /** SIGKILL, as a power cut. */
  kill(): Promise<void>;
}

/** A test that fails must leave no network behind. */
const running = new Set<ChildProcess>();
process.once("exit", () => {
  for (const child of running) child.kill("SIGKILL");
});

type Environment = Readonly<Record<string, string>>;

const HERE: Pick<Place, "command"> = { command: (program, args) => ({ program, args }) };

/** Starts the `galen` command, to be watched or killed, in a place of its own if one is given. */
export function spawnGalen(
  args: readonly string[],
  environment: Environment = {},
  place = HERE,
): { process: ChildProcess; ended: Promise<GalenRun> } {
  const command = place.command(process.execPath, [GALEN, ...args]);
  const child = spawn(command.program, command.args, {
    env: { ...process.env, ...environment },
    stdio: ["ignore", "pipe", "pipe"],
  });
  running.add(child);
  child.once("close", () => running.delete(child));
  let [stdout, stderr] = ["", ""];
  child.stdout.setEncoding("utf8").on("data", (text: string) => (stdout += text));
  child.stderr.setEncoding("utf8").on("data", (text: string) => (stderr += text));
  return { process: child, ended: once(child, "close").then(([code]) => ({ code: code as number | null, stdout, stderr })) };
}

/** Runs the `galen` command to its end. */
export function runGalen(args: readonly string[], environment: Environment = {}, place = HERE): Promise<GalenRun> {
  return spawnGalen(args, environment, place).ended;
}

/** The JSON that a command prints when it is ready and goes on. Rejects with what it said when it ends before. */
export async function whenReady({ process: child, ended }: ReturnType<typeof spawnGalen>): Promise<unknown> {
  const ready = new Promise<unknown>((resolve) => {
    let text = "";
    child.stdout!.on("data", (chunk: string) => {
      text += chunk;
      // The closing brace of the one object, on a line of its own.
      if (text.endsWith("\n}\n")) resolve(JSON.parse(text));
    });
  });
  return Promise.race([ready, ended.then(({ stdout, stderr }) => Promise.reject(new Error(`galen ended: ${stdout}${stderr}`)))]);
}

/** Starts a network on a data folder and any free port, and resolves when it is ready. Rejects with what it said when it does not come up. */
export async function startGalen(dataFolder: string, args: readonly string[] = [], environment: Environment = {}): Promise<GalenNetwork> {
  const { process: child, ended } = spawnGalen(["start", "--data", dataFolder, "--port", "0", "--json", ...args], environment);
  const { url } = (await whenReady({ process: child, ended })) as { readonly url: string };
  return {
    url,
    process: child,
    async stop() {
      child.kill("SIGTERM");
      return (await ended).code;
    },
    async kill() {
      child.kill("SIGKILL");
      await ended;
    },
  };
}
