import { readdir } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { errors } from "../errors.ts";
import { isFree } from "./free-port.ts";
import { type NetworkFolder, organisationFolders } from "./network-folder.ts";
import { readConfig } from "./node-config.ts";

/** Ports of the networks in the folders beside this one, whether they run or not: whoever makes a second network wants to start both. */
export async function portsOfNeighbours(folder: string): Promise<readonly number[]> {
  const parent = dirname(resolve(folder));
  const neighbours = (await readdir(parent, { withFileTypes: true })).filter((entry) => entry.isDirectory());
  const nodes = await Promise.all(neighbours.map(({ name }) => organisationFolders(join(parent, name))));
  return (await Promise.all(nodes.flat().map(portsOf))).flat();
}

/** Throws Refusal cli/PortTaken when something else listens where a node of the network is to listen. */
export async function requireFreePorts({ nodes }: NetworkFolder): Promise<void> {
  for (const { path, card } of nodes) {
    for (const port of await portsOf(path)) {
      if (!(await isFree(port))) throw errors.PortTaken({ port, organisation: card.content.name, folder: path });
    }
  }
}

/** On which ports the node of a folder listens; port 0 is whichever is free. */
async function portsOf(folder: string): Promise<readonly number[]> {
  const { httpPort = 0, p2pPort = 0, cometbftRpcPort = 0 } = await readConfig(folder);
  return [httpPort, p2pPort, cometbftRpcPort].filter((port) => port !== 0);
}
