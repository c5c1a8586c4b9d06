import { readdir } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { ConfigError, readConfig } from "@galen/node/config";
import { errors } from "../errors.ts";
import { isFree } from "./free-port.ts";
import { type NetworkFolder, organisationFolders } from "./network-folder.ts";
import { CONFIG_FILE } from "./node-config.ts";

/**
 * Ports of the networks in the folders beside this one, whether they run or not: whoever makes a second network wants to start both. A neighbour whose
 * settings cannot be read starts on no port before they are repaired: `note` hears of it, and the others count.
 */
export async function portsOfNeighbours(folder: string, note: (sentence: string) => void): Promise<readonly number[]> {
  const parent = dirname(resolve(folder));
  const neighbours = (await readdir(parent, { withFileTypes: true })).filter((entry) => entry.isDirectory());
  const nodes = await Promise.all(neighbours.map(({ name }) => organisationFolders(join(parent, name))));
  return (await Promise.all(nodes.flat().map((node) => portsOf(node).catch(noneOf)))).flat();

  function noneOf(error: unknown): readonly number[] {
    if (!(error instanceof ConfigError)) throw error;
    note(`The ports of a network beside this one are unknown and may be given twice: ${error.message}`);
    return [];
  }
}

/** Throws Refusal cli/PortTaken when something else listens where a node of the network is to listen; ConfigError when its settings cannot be read. */
export async function requireFreePorts({ nodes }: NetworkFolder): Promise<void> {
  for (const { path, card } of nodes) {
    for (const port of await portsOf(path)) {
      if (!(await isFree(port))) throw errors.PortTaken({ port, organisation: card.content.name, folder: path });
    }
  }
}

/** On which ports the node of a folder listens; port 0 is whichever is free. */
async function portsOf(folder: string): Promise<readonly number[]> {
  const { httpPort, p2pPort, cometbftRpcPort } = await readConfig({ file: join(folder, CONFIG_FILE), environment: {} });
  return [httpPort, p2pPort, cometbftRpcPort].filter((port) => port !== 0);
}
