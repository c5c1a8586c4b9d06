import { setTimeout as pause } from "node:timers/promises";
import { readObject, readText } from "@galen/sdk/client/answer";
import type { Client } from "@galen/sdk/client/client";
import { custodianNodes } from "@galen/sdk/client/custodian-nodes";
import { GalenError } from "@galen/sdk/client/galen-error";
import { query } from "@galen/sdk/client/query";
import { requestJson } from "@galen/sdk/client/send-request";
import { status } from "@galen/sdk/client/status";
import type { OwnAccount } from "@galen/sdk/transactions/own-account";
import { submit } from "@galen/sdk/transactions/submit";
import { errors } from "../errors.ts";
import { custodyThreshold } from "../network/custody-threshold.ts";

/** Time for each step of a ceremony; one that a crash has cut short is over after three. */
const WINDOW_MS = 10_000;
const POLL_MS = 20;
/** Several ceremonies long: who waits longer waits for a custodian that cannot. */
const PATIENCE_MS = 120_000;

/**
 * Resolves when the custodians' key exists. By decision of the founders the custodians of all nodes that the client's node knows make it, so that more than two thirds
 * of them open: 1 of 1, 3 of 4, 5 of 7. Throws Refusal cli/NoCollectiveKey, cli/OtherNode.
 */
export async function ensureCollectiveKey(client: Client, founders: readonly OwnAccount[]): Promise<void> {
  let obstacle: GalenError | undefined;
  for (const deadline = performance.now() + PATIENCE_MS; performance.now() < deadline; await pause(POLL_MS)) {
    // In this order: a ceremony that ends between the two questions has left its key when the second one comes.
    if (await exists(client, "custody.running")) continue;
    if (await exists(client, "custody.key")) return;
    obstacle = await startCeremony(client, founders);
  }
  throw errors.NoCollectiveKey(obstacle ? { last: `${obstacle.sentence} [${obstacle.id}]` } : {});
}

async function exists(client: Client, name: "custody.key" | "custody.running"): Promise<boolean> {
  try {
    await query(client, name, { purpose: "release" });
    return true;
  } catch (error) {
    if (error instanceof GalenError && (error.id === "custody/NoKey" || error.id === "custody/UnknownCeremony")) return false;
    throw error;
  }
}

/** What keeps it from being started, if anything: every custodian must answer, and have its account and the offer of its sealing key on the ledger. */
async function startCeremony(client: Client, founders: readonly OwnAccount[]): Promise<GalenError | undefined> {
  try {
    const value = { purpose: "release", kind: "generate", ...(await custodiansAt(await custodianNodes(client))), windowMs: WINDOW_MS };
    await submit(client, { actors: founders, messages: [{ type: "custody.startCeremony", value }] });
    return undefined;
  } catch (error) {
    if (error instanceof GalenError && NOT_YET.includes(error.id)) return error;
    throw error;
  }
}

/** What passes while the nodes of a network start. */
const NOT_YET: readonly string[] = [
  "client/Unreachable",
  "client/TimedOut",
  "api/NoCustodian",
  "accounts/UnknownAccount",
  "custody/KeyNotOffered",
  "engine/StillPending",
];

/**
 * The custodians at some nodes, each once, as a ceremony names them, and how many of them shall open. Rejects with GalenError when one does not answer, with Refusal
 * cli/OtherNode when one is of another network than `node.trust`, such as one that was left over on a port.
 */
export async function custodiansAt(
  nodes: readonly Client[],
): Promise<{ threshold: number; custodians: { account: string; sealingKey: string }[] }> {
  const found = await Promise.all(nodes.map(receiverAt));
  // A node may be known under two addresses.
  const custodians = [...new Map(found.map((receiver) => [receiver.account, receiver])).values()];
  return { threshold: custodyThreshold(custodians.length), custodians };
}

async function receiverAt(node: Client): Promise<{ account: string; sealingKey: string }> {
  await requireOwnNetwork(node);
  const custodian = readObject(await requestJson(node, { path: "/v1/custodian" }), "custodian");
  return { account: readText(custodian.account, "account"), sealingKey: readText(custodian.sealingKey, "sealingKey") };
}

async function requireOwnNetwork(node: Client): Promise<void> {
  const { chainId } = await status(node);
  if (node.trust && chainId !== node.trust.chainId) throw errors.OtherNode({ url: node.url, network: node.trust.chainId, node: chainId });
}
