import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { createNetwork } from "@galen/cli/network/create-network";
import { genesisOf } from "@galen/cli/network/founding";
import { openNetworkFolder } from "@galen/cli/network/network-folder";
import { CONFIG_FILE } from "@galen/cli/network/node-config";
import { startNodeProcess } from "@galen/cli/network/node-process";
import { cometHome } from "@galen/engines/cometbft/process/home";
import type { Genesis } from "@galen/ledger/app/genesis";
import { createClient, status } from "@galen/sdk";

/** Validators that are ready for a load. */
export interface LoadedNetwork {
  /** CometBFT's RPC of each. */
  readonly rpcs: readonly string[];
  /** Ids of the CometBFT processes. */
  readonly cometbft: readonly number[];
  stop(): Promise<void>;
}

const POLL_MS = 100;
const PATIENCE_MS = 60_000;

export interface GalenNetwork extends LoadedNetwork {
  readonly genesis: Genesis;
  /** Ids of the processes of the nodes themselves. */
  readonly nodes: readonly number[];
}

/** The nodes of some organisations as `galen network` makes and starts them. */
export async function startGalenNetwork(folder: string, organisations: number): Promise<GalenNetwork> {
  const founding = await createNetwork({ folder, organisations, isTown: false, passphrase: "bench", note: console.error });
  const { nodes: folders } = await openNetworkFolder(folder);
  const nodes = await Promise.all(folders.map((one) => startNodeProcess(one)));
  const stop = async () => {
    await Promise.all(nodes.map((node) => node.stop()));
  };
  try {
    const ended = Promise.race(nodes.map((node) => node.ended)).then(({ lastLines }) => Promise.reject(new Error(lastLines.join("\n"))));
    ended.catch(() => undefined); // once all serve, an end is the end of the run
    const urls = await Promise.race([Promise.all(nodes.map(({ ready }) => ready)), ended]);
    await firstBlock(urls[0]!);
    const rpcs = await Promise.all(folders.map(async ({ path }) => `http://127.0.0.1:${await rpcPort(path)}`));
    const cometbft = await Promise.all(folders.map(({ path }) => cometProcess(path)));
    return { genesis: genesisOf(founding), rpcs, cometbft, nodes: nodes.map(({ processId }) => processId), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function firstBlock(url: string): Promise<void> {
  for (const deadline = performance.now() + PATIENCE_MS; performance.now() < deadline; await sleep(POLL_MS)) {
    if ((await status(createClient({ url }))).height > 1) return;
  }
  throw new Error("the network makes no blocks");
}

async function rpcPort(folder: string): Promise<number> {
  return (JSON.parse(await readFile(join(folder, CONFIG_FILE), "utf8")) as { cometbftRpcPort: number }).cometbftRpcPort;
}

async function cometProcess(folder: string): Promise<number> {
  const { processId } = cometHome(join(folder, "cometbft"));
  return (JSON.parse(await readFile(processId, "utf8")) as { processId: number }).processId;
}
