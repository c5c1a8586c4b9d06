import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { cp, mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { openNetworkFolder } from "@galen/cli/network/network-folder";
import type { LoadedNetwork } from "./galen-network.ts";

const FIRST_RPC_PORT = 27_756;
const FRESH_VOTE = `{"height":"0","round":0,"step":0}`;
const POLL_MS = 100;
const PATIENCE_MS = 60_000;

/**
 * CometBFT's own key-value store behind the same program with the same configuration, genesis and keys as the nodes of a stopped Galen network:
 * only the application differs. It keeps its data in memory and checks no signatures.
 */
export async function startKvstoreNetwork(galen: string, folder: string, cometbftBinary: string): Promise<LoadedNetwork> {
  const { nodes } = await openNetworkFolder(galen);
  const processes: ChildProcess[] = [];
  const rpcs = nodes.map((_, index) => `http://127.0.0.1:${FIRST_RPC_PORT + index}`);
  async function stop(): Promise<void> {
    await Promise.all(
      processes.map(async (child) => {
        if (child.exitCode !== null || child.signalCode !== null) return;
        child.kill("SIGTERM");
        await once(child, "exit");
      }),
    );
  }
  try {
    for (const [index, { path }] of nodes.entries()) {
      const home = join(folder, String(index + 1));
      await mkdir(join(home, "data"), { recursive: true });
      await cp(join(path, "cometbft", "config"), join(home, "config"), { recursive: true });
      await writeFile(join(home, "data", "priv_validator_state.json"), FRESH_VOTE);
      const environment = { CMT_PROXY_APP: "kvstore", CMT_RPC_LADDR: `tcp://127.0.0.1:${FIRST_RPC_PORT + index}` };
      processes.push(spawn(cometbftBinary, ["start", "--home", home], { env: { ...process.env, ...environment }, stdio: "ignore" }));
    }
    await firstBlock(rpcs[0]!);
    return { rpcs, cometbft: processes.map(({ pid }) => pid!), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function firstBlock(rpc: string): Promise<void> {
  for (const deadline = performance.now() + PATIENCE_MS; performance.now() < deadline; await sleep(POLL_MS)) {
    const answer = await fetch(`${rpc}/status`).then(
      async (response) => (await response.json()) as { result: { sync_info: { latest_block_height: string } } },
      () => undefined,
    );
    if (Number(answer?.result.sync_info.latest_block_height ?? 0) > 1) return;
  }
  throw new Error("CometBFT with its key-value store makes no blocks");
}
