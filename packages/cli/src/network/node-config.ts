import { join } from "node:path";
import type { Config } from "@galen/node";
import { parseSettings } from "@galen/node/config";
import { writeFileDurably } from "@galen/node/keys/durable-file";
import { readIfThere } from "@galen/node/keys/secret-file";
import { shellWord } from "../terminal/shell-word.ts";
import { type NodeCard, nodeIdOf } from "./node-card.ts";

/** Where a node listens, and where the others reach it. */
export interface NodeAddresses {
  /** Base of the HTTP API as clients and other nodes reach it. */
  readonly http: string;
  /** host:port that the other nodes dial. */
  readonly p2p: string;
  readonly listen: Pick<Config, "httpHost" | "httpPort" | "p2pHost" | "p2pPort" | "cometbftRpcPort">;
}

export const CONFIG_FILE = "galen.config.json";

/** The command that starts the node of a folder. */
export function startCommand(folder: string): string {
  return `npx galen start --config ${shellWord(join(folder, CONFIG_FILE))} --data ${shellWord(folder)}`;
}

type ConfigFile = Partial<Config>;

const ALL_ADDRESSES = "0.0.0.0";

/**
 * How a node on a machine of its own listens: CometBFT for the others, HTTP for the proxy on this machine that adds TLS. An address without TLS, for
 * trying, is the node's own.
 */
export function listenOn({ http, p2p }: Pick<NodeAddresses, "http" | "p2p">): NodeAddresses["listen"] {
  const p2pPort = Number(p2p.split(":").at(-1));
  const { protocol, port } = new URL(http);
  const httpPort = protocol === "http:" && port !== "" ? Number(port) : 8_080;
  return { httpHost: "127.0.0.1", httpPort, p2pHost: ALL_ADDRESSES, p2pPort, cometbftRpcPort: 0 };
}

type NewNode = Pick<NodeAddresses, "http" | "listen"> & Pick<Config, "cometbftBinary">;

/** Writes the settings of a new node. It dials nobody before it has adopted a network. */
export function writeNodeConfig(folder: string, { cometbftBinary, http, listen }: NewNode): Promise<void> {
  return writeConfig(folder, { engine: "cometbft", cometbftBinary, ...listen, publicUrl: http });
}

/** Enters whom the node dials and asks. */
export async function writePeers(folder: string, others: readonly NodeCard[]): Promise<void> {
  await changeConfig(folder, {
    peers: others.map(({ content }) => content.http),
    p2pPeers: others.length === 0 ? "none" : others.map((card) => `${nodeIdOf(card)}@${card.content.p2p}`).join(","),
  });
}

/** Changes some settings in a node's file; the others stay as they are. */
export async function changeConfig(folder: string, changes: ConfigFile): Promise<void> {
  await writeConfig(folder, { ...(await readConfig(folder)), ...changes });
}

/** The settings in a node's file; none where there is no file. Throws ConfigError, which names the file, when it cannot be read. */
export async function readConfig(folder: string): Promise<ConfigFile> {
  const file = join(folder, CONFIG_FILE);
  return parseSettings(file, (await readIfThere(file)) ?? "{}");
}

function writeConfig(folder: string, settings: ConfigFile): Promise<void> {
  return writeFileDurably(join(folder, CONFIG_FILE), Buffer.from(`${JSON.stringify(settings, undefined, 2)}\n`));
}
