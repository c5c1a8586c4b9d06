import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { type FileHandle, open, readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { NodeFolder } from "./network-folder.ts";
import { CONFIG_FILE } from "./node-config.ts";

const GALEN = fileURLToPath(new URL("../../bin/galen.js", import.meta.url));
const LOG_FILE = "node.log";
/** What is shown of the log of a node that ended. */
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
  readonly lastLines: readonly string[];
}

/** Starts the node of a folder, which introduces the people of the sample town in the wallet `introduced`; its output goes to `node.log` there. */
export async function startNodeProcess(folder: NodeFolder, introduced?: string): Promise<NodeProcess> {
  const log = await open(join(folder.path, LOG_FILE), "a", 0o600);
  const args = [GALEN, "start", "--config", join(folder.path, CONFIG_FILE), "--data", folder.path, "--json"];
  if (introduced !== undefined) args.push("--introduce", introduced);
  // A process group of its own: Ctrl-C at the terminal reaches the network, which stops its nodes one by one.
  const child = spawn(process.execPath, args, { stdio: ["ignore", "pipe", log.fd], detached: true });
  const ended = endOf(child, { folder, log });
  return {
    folder,
    processId: child.pid!,
    ready: readyUrl(child, log),
    ended,
    stop() {
      child.kill("SIGTERM");
      return ended;
    },
    kill: () => void child.kill("SIGKILL"),
  };
}

/** What it prints also goes to its log, where the reason of a failed start is looked for. */
function readyUrl(child: ChildProcess, log: FileHandle): Promise<string> {
  return new Promise((resolve) => {
    let text = "";
    child.stdout!.setEncoding("utf8").on("data", (chunk: string) => {
      text += chunk;
      void log.appendFile(chunk);
      const url = /"url": "([^"]+)"/.exec(text)?.[1];
      if (url !== undefined) resolve(url);
    });
  });
}

async function endOf(child: ChildProcess, { folder, log }: { folder: NodeFolder; log: FileHandle }): Promise<NodeEnd> {
  const [code, signal] = (await once(child, "close")) as [number | null, string | null];
  await log.close();
  const lines = (await readFile(join(folder.path, LOG_FILE), "utf8")).trimEnd().split("\n");
  return { code, signal, lastLines: lines.slice(-LAST_LINES) };
}
