import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { rm, writeFile } from "node:fs/promises";
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";
import type { CometHome } from "./home.ts";
import { endLeftover } from "./leftover.ts";

/** A CometBFT process that belongs to this one. */
export interface CometProcess {
  /** Resolves when the process is gone, with what it said last. */
  readonly ended: Promise<CometEnd>;
  /** Lets it finish; ends it when that takes too long. Resolves when it is gone. */
  stop(): Promise<void>;
}

export interface CometEnd {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly lastLines: readonly string[];
}

export interface CometProcessOptions {
  readonly binary: string;
  readonly home: CometHome;
  /** Beside this process's own; CometBFT takes its settings from variables that begin with CMT_. */
  readonly environment?: Readonly<Record<string, string>>;
  /** Hears every line that CometBFT logs, or its beginning. */
  readonly log?: (line: string) => void;
}

/** Of what it said, so many lines are told as the reason when it ends. */
const LAST_LINES = 3;
/** CometBFT quotes messages of peers that it refuses, which may have megabytes; whoever sends them must not fill the disk with logs. */
const MAX_LINE_LENGTH = 4_096;
/** Connections that come and go: the others' business, and never why this process ends. */
const OF_PEERS = /\bmodule=p2p\b/;
/**
 * After an unexpected error in consensus, such as a write that failed, CometBFT decides nothing any more, for fear of signing something invalid, and
 * goes on running. A node that neither works nor ends is of no use to anybody: it is ended, with what it said as the reason. Only where a line says so itself:
 * further on it may quote what any peer has sent.
 */
const HALTED = /^E\[[^\]]*\] CONSENSUS FAILURE!!! /;
/** With this begin the last words of a Go program that meets an error of its own. They may have some lines; an empty one ends them. */
const PANIC = /^(?:panic|fatal error): /;
const STOP_TIMEOUT_MS = 10_000;

/** Starts CometBFT on its prepared home. Rejects with a sentence when the program is not there. */
export async function startCometProcess({ binary, home, environment, log }: CometProcessOptions): Promise<CometProcess> {
  await endLeftover(home);
  await rm(home.rpcSocket, { force: true });
  const child = spawn(binary, ["start", "--home", home.root], {
    env: { ...process.env, ...environment },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const lastLines = watchLines(child, log);
  // Heard from the first moment on: it may end before the next line.
  const ended = once(child, "close").then(([code, signal]): CometEnd => ({ code, signal, lastLines }));
  ended.catch(() => {}); // that it did not even start is told below
  await once(child, "spawn").catch((error: NodeJS.ErrnoException) => {
    throw new Error(`CometBFT could not be started from ${binary} (${error.code}); install it and name its path in cometbftBinary`);
  });
  await writeFile(home.processId, `${JSON.stringify({ processId: child.pid })}\n`, { mode: 0o600 }).catch((error: unknown) => {
    child.kill("SIGKILL"); // nobody would find it again
    throw error;
  });
  return {
    ended,
    async stop() {
      child.kill("SIGTERM");
      const deadline = setTimeout(() => child.kill("SIGKILL"), STOP_TIMEOUT_MS);
      await ended;
      clearTimeout(deadline);
      await rm(home.processId, { force: true });
    },
  };
}

/** Why the process ended, as a sentence. What it said before somebody killed it says nothing about that, unless it had halted and was ended for it. */
export function endSentence({ code, signal, lastLines }: CometEnd): string {
  if (signal !== null && !HALTED.test(lastLines.at(-1) ?? ""))
    return `CometBFT was killed (${signal}), by somebody or by the system for want of memory`;
  return `CometBFT ended by itself (${signal ?? `exit code ${code}`}): ${lastLines.join(" | ") || "it logged nothing"}`;
}

/** What a process has begun to say of why it ends, and how much of that may follow. */
interface Reason {
  readonly stream: Readable;
  linesLeft: number;
}

function watchLines(child: ChildProcess, log: CometProcessOptions["log"]): readonly string[] {
  const lastLines: string[] = [];
  let reason: Reason | undefined;
  for (const stream of [child.stdout!, child.stderr!]) {
    createInterface({ input: stream }).on("line", (whole) => {
      const line = whole.slice(0, MAX_LINE_LENGTH);
      log?.(line);
      if (OF_PEERS.test(line) || (reason && !continues(reason, stream, line))) return;
      lastLines.push(line.replaceAll(/ {2,}/g, " "));
      if (lastLines.length > LAST_LINES) lastLines.shift();
      if (HALTED.test(line)) child.kill("SIGKILL");
      reason ??= reasonBegun(stream, line);
    });
  }
  return lastLines;
}

function reasonBegun(stream: Readable, line: string): Reason | undefined {
  if (HALTED.test(line)) return { stream, linesLeft: 0 };
  return PANIC.test(line) ? { stream, linesLeft: LAST_LINES - 1 } : undefined;
}

/** Whether `line` is the next of a reason. The stack that comes after it says less. */
function continues(reason: Reason, stream: Readable, line: string): boolean {
  if (reason.stream !== stream) return false;
  reason.linesLeft = line === "" ? 0 : reason.linesLeft - 1;
  return line !== "" && reason.linesLeft >= 0;
}
