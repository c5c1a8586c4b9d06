import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { accountKeys, ownAccount, submit, webRandom } from "@galen/sdk";
import { expect } from "vitest";
import { expectSoundChain } from "../sound-chain.ts";
import { heightOf, reach } from "./agreement.ts";
import { startNetwork } from "./network.ts";
import type { NetworkNode } from "./network-node.ts";

/** CometBFT's fail points: ten in the making of each block (cometbft libs/fail). */
export const FAIL_POINTS = 31;
const PATIENCE_MS = 60_000;

/** How a node is made to crash. */
export interface Crash {
  readonly name: string;
  /** The node is started anew with this environment of its CometBFT process. Left out, it is the running one that crashes. */
  readonly environment?: Readonly<Record<string, string>>;
  /** What happens to it while it runs. */
  readonly strike?: (node: NetworkNode) => Promise<void>;
}

/** CometBFT ends itself when it passes the point for the n-th time. */
export function crashAtFailPoint(index: number): Crash {
  return { name: `CometBFT's fail point ${index}`, environment: { FAIL_TEST_INDEX: String(index) } };
}

/** `kill -9` of the node after a time, wherever it is then. */
export function killAfter(milliseconds: number): Crash {
  return {
    name: `a kill after ${Math.round(milliseconds)} ms`,
    async strike(node) {
      await sleep(milliseconds);
      await node.kill();
    },
  };
}

/**
 * One validator under load is crashed and started again, once for each crash: what it acknowledged is there, once, the chain goes on, and in the end
 * it holds together and leads to the same states when it is executed again.
 */
export async function tellCrashStory(program: string, crashes: readonly Crash[]): Promise<void> {
  const network = await startNetwork({ program, organisations: 1, inChildren: true });
  const node = network.nodes[0]!;
  try {
    const acknowledged = [await createPerson(node)];
    for (const crash of crashes) {
      await crashUnderLoad(node, crash, acknowledged);
      await node.start();
      acknowledged.push(await createPerson(node));
      for (const txHash of acknowledged) expect(await codeOf(node, txHash), `transaction ${txHash} after ${crash.name}`).toBe(0);
    }
    await reach([node], (await heightOf(node)) + 1);
    await node.stop();
    expect(await expectSoundChain(join(network.folder, "node-0"))).toBeGreaterThan(crashes.length);
  } finally {
    await network.stop();
  }
}

/** Sends transactions until the node is gone, and notes those that it acknowledges; the one that the crash cuts off perhaps when the node is back. */
async function crashUnderLoad(node: NetworkNode, { name, environment, strike }: Crash, acknowledged: string[]): Promise<void> {
  if (environment) {
    await node.stop();
    const isStarted = await node.start(environment).then(
      () => true,
      () => false, // crashed before it answered
    );
    if (!isStarted) return;
  }
  let isGone = false;
  const ended = node.ended().then(() => {
    isGone = true;
  });
  const struck = strike?.(node);
  const deadline = Date.now() + PATIENCE_MS;
  while (!isGone) {
    if (Date.now() > deadline) throw new Error(`${name} did not end the node`);
    const sent = createPerson(node).then(
      (txHash) => void acknowledged.push(txHash),
      () => {}, // cut off
    );
    await Promise.race([sent, ended]);
    await sleep(1);
  }
  await struck;
}

/** Creates an account; gives the transaction's hash when the node has acknowledged it. */
async function createPerson({ client }: NetworkNode): Promise<string> {
  const person = await ownAccount(accountKeys(webRandom(64), 0));
  const { txHash } = await submit({ ...client, timeoutMs: 5_000, lookMs: 5_000 }, { actors: [person], messages: [person.creation] });
  return txHash;
}

async function codeOf({ url }: NetworkNode, txHash: string): Promise<unknown> {
  const answer = await fetch(`${url}/v1/transactions/${txHash}`);
  return ((await answer.json()) as { code?: unknown }).code;
}
