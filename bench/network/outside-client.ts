import { execFile } from "node:child_process";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { runGo } from "../../scripts/go.ts";
import { watchBlocks } from "./watch-blocks.ts";

const CONNECTIONS = 1;
/** After the last was sent, until it stands in a block. */
const DRAINING_MS = 5_000;

/** Builds the load client in Go. Throws GoMissing. */
export function buildLoadClient(folder: string): string {
  const program = join(folder, "load-client");
  runGo(["build", "-o", program, "."], { cwd: join(import.meta.dirname, "load-client") });
  return program;
}

export interface OutsideLoad {
  readonly program: string;
  /** For the file of transactions. */
  readonly folder: string;
  readonly rpcs: readonly string[];
  readonly txs: readonly Uint8Array[];
  readonly perSecond: number;
  readonly seconds: number;
}

/** Lets cometbft-load-test send the transactions, and gives the rate at which they came into blocks. */
export async function sendByLoadTest({ program, folder, rpcs, txs, perSecond, seconds }: OutsideLoad): Promise<number> {
  const file = join(folder, "signed-transactions");
  await writeFile(file, Buffer.concat(txs.flatMap((tx) => [lengthOf(tx), tx])));
  const due = new Map(txs.map((tx) => [Buffer.from(tx).toString("base64"), performance.now()]));
  const blocks = await watchBlocks(rpcs[0]!, due);
  const endpoints = rpcs.map((rpc) => `${rpc.replace(/^http/, "ws")}/websocket`).join(",");
  const rate = String(Math.floor(perSecond / rpcs.length / CONNECTIONS));
  const args = ["-c", String(CONNECTIONS), "-T", String(seconds), "-r", rate, "--broadcast-tx-method", "async", "--endpoints", endpoints];
  await promisify(execFile)(program, args, { env: { ...process.env, GALEN_LOAD_FILE: file } });
  await new Promise((resolve) => setTimeout(resolve, DRAINING_MS));
  blocks.close();
  return blocks.perSecond();
}

function lengthOf(tx: Uint8Array): Buffer {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(tx.length);
  return length;
}
