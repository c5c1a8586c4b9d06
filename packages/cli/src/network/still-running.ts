import { createClient } from "@galen/sdk/client/client";
import { GalenError } from "@galen/sdk/client/galen-error";
import { status } from "@galen/sdk/client/status";
import { type NodeFolder, openNetworkFolder } from "./network-folder.ts";

/** A node that answers, whoever started it. */
export interface StillRunning {
  readonly organisation: string;
  /** Base of its HTTP API. */
  readonly url: string;
  readonly folder: string;
}

/** On this machine, where a node that runs answers at once unless it is very busy. */
const TIMEOUT_MS = 5_000;

/** The nodes of a network on this machine that answer at their addresses: somebody may have started one by itself. Throws Refusal cli/NoNetworkFolder, cli/NoNode, cli/NoCard, cli/BadCard. */
export async function stillRunning(network: string): Promise<readonly StillRunning[]> {
  const { nodes } = await openNetworkFolder(network);
  const areRunning = await Promise.all(nodes.map(isRunning));
  return nodes
    .filter((_, number) => areRunning[number])
    .map(({ path, card: { content } }) => ({ organisation: content.name, url: content.http, folder: path }));
}

/** Another program, or a node of another network, may have its address by now. */
async function isRunning({ card: { content } }: NodeFolder): Promise<boolean> {
  try {
    const { validator } = await status(createClient({ url: content.http, timeoutMs: TIMEOUT_MS }));
    return validator === content.validatorKey;
  } catch (error) {
    if (error instanceof GalenError) return false;
    throw error;
  }
}
