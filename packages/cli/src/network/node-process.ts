import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { type FileHandle, open } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { readableLines } from "@galen/node/readable-log";
import { type Failure, failureText } from "../terminal/failure.ts";
import type { NodeFolder } from "./network-folder.ts";
import { CONFIG_FILE } from "./node-config.ts";

const GALEN = fileURLToPath(new URL("../../bin/galen.js", import.meta.url));
const LOG_FILE = "node.log";
/** Of the log of a node that ended, so many of the lines that tell something are shown. */
const LAST_LINES = 5;

/** A node of the network in a process of its own. */
export interface NodeProcess {
  readonly folder: NodeFolder;
  readonly processId: number;
  /** Base of its HTTP API. Resolves when it serves; never when it ends before. */
  readonly ready: Promise<string>;
  /** Resolves when the process is gone, with what there is to say about it. */
  readonly ended: Promise<NodeEnd>;
  /** Lets it finish what it has begun. Resolves when it is gone. */
  stop(): Promise<NodeEnd>;
  /** Ends it at once. */
  kill(): void;
}

export interface NodeEnd {
  readonly code: number | null;
  readonly signal: string | null;
  /** What it said of itself in this run that a person should know; nothing when it was killed at work. */
  readonly lastLines: readonly string[];
}

/** Starts the node of a folder, which introduces the people of the sample town in the wallet `introduced`; its log goes to `node.log` there. */
export async function startNodeProcess(folder: NodeFolder, introduced?: string): Promise<NodeProcess> {
  const log = await open(join(folder.path, LOG_FILE), "a+", 0o600);
  const { size: earlierBytes } = await log.stat();
  const args = [GALEN, "start", "--config", join(folder.path, CONFIG_FILE), "--data", folder.path, "--json"];
  if (introduced !== undefined) args.push("--introduce", introduced);
  // A process group of its own: Ctrl-C at the terminal reaches the network, which stops its nodes one by one.
  // Nothing is said over the channel: when it ends, nobody is left to stop the node, and it stops by itself.
  const child = spawn(process.execPath, args, { stdio: ["ignore", "pipe", log.fd, "ipc"], detached: true });
  const stdout = startAnswer(child);
  const ended = endOf(child, { stdout, log, earlierBytes });
  return {
    folder,
    processId: child.pid!,
    ready: stdout.url,
    ended,
    stop() {
      child.kill("SIGTERM");
      return ended;
    },
    kill: () => void child.kill("SIGKILL"),
  };
}

interface StartAnswer {
  /** Resolves when it serves. */
  readonly url: Promise<string>;
  /** Why it could not start, if it said so. */
  failure(): Failure | undefined;
}

/** The one JSON object that a node prints when it serves, or when it cannot. */
function startAnswer(child: ChildProcess): StartAnswer {
  const url = Promise.withResolvers<string>();
  let text = "";
  child.stdout!.setEncoding("utf8").on("data", (chunk: string) => {
    text += chunk;
    const found = /"url": "([^"]+)"/.exec(text)?.[1];
    if (found !== undefined) url.resolve(found);
  });
  return { url: url.promise, failure: () => failureIn(text) };
}

function failureIn(answer: string): Failure | undefined {
  try {
    return (JSON.parse(answer) as { readonly error?: Failure }).error;
  } catch {
    return undefined; // it was ended before it could say anything
  }
}

interface Output {
  readonly stdout: StartAnswer;
  readonly log: FileHandle;
  /** Length of the log when the node started. */
  readonly earlierBytes: number;
}

async function endOf(child: ChildProcess, { stdout, log, earlierBytes }: Output): Promise<NodeEnd> {
  const [code, signal] = (await once(child, "close")) as [number | null, string | null];
  const failure = stdout.failure();
  if (failure) await log.appendFile(`${failureText(failure)}\n`);
  const said = await readFrom(log, earlierBytes);
  await log.close();
  return { code, signal, lastLines: readableLines(said).slice(-LAST_LINES) };
}

/** A node that ran for long has logged much, and its reason stands at the end. */
const MAX_READ_BYTES = 65_536;

/** The whole lines at the end of the log, none before `position`. */
async function readFrom(log: FileHandle, position: number): Promise<string> {
  const { size } = await log.stat();
  const start = Math.max(position, size - MAX_READ_BYTES);
  const { buffer, bytesRead } = await log.read({ buffer: Buffer.alloc(size - start), position: start });
  const text = buffer.toString("utf8", 0, bytesRead);
  return start === position ? text : text.slice(text.indexOf("\n") + 1);
}
