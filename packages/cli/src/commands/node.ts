import { join } from "node:path";
import { parseBaseUrl } from "@galen/node/peers/peer-report";
import { submit } from "@galen/sdk/transactions/submit";
import type { Command } from "commander";
import { errors } from "../errors.ts";
import { type NodeAddresses, startCommand } from "../network/node-config.ts";
import { actorOf, openSession, unlockWallet } from "../session.ts";
import { shellWord } from "../terminal/shell-word.ts";
import { addVerb } from "../verb.ts";
import { choosePassphrase } from "../wallet/passphrase.ts";

interface AddressFlags {
  readonly data: string;
  readonly http: string;
  readonly p2p: string;
}

interface OwnFlags {
  readonly as: string;
  readonly data: string;
}

/** `galen node init|adopt|join|register|replace|leave`. */
export function addNode(program: Command): void {
  const group = program.command("node").description("an organisation's node of a network");
  addInit(group);
  addAdopt(group);
  addJoin(group);
  addRegister(group);
  addReplace(group);
  addLeave(group);
}

function addressOptions(command: Command): Command {
  return command
    .requiredOption("--http <url>", "base of its HTTP API, as clients and the other nodes reach it")
    .requiredOption("--p2p <host:port>", "where the other nodes reach its CometBFT")
    .option("--data <folder>", "the new data folder", "data");
}

function ownOptions(command: Command): Command {
  return command.requiredOption("--as <name>", "the organisation, which signs").option("--data <folder>", "the node's data folder", "data");
}

async function addressesOf({ http: given, p2p }: AddressFlags): Promise<NodeAddresses> {
  const { isP2pAddress } = await import("../network/node-card.ts");
  const { listenOn } = await import("../network/node-config.ts");
  const http = parseBaseUrl(given);
  if (http === undefined)
    throw errors.BadValue({ option: "--http", value: given, reason: "the base address of an API, such as https://galen.clinic.example" });
  if (!isP2pAddress(p2p))
    throw errors.BadValue({ option: "--p2p", value: p2p, reason: "a host and its port, such as galen.clinic.example:26656" });
  return { http, p2p, listen: listenOn({ http, p2p }) };
}

function addInit(group: Command): void {
  addVerb<AddressFlags & { readonly organisation: string }>(group, {
    usage: "init",
    summary: "Make the folder of a founder's node: its keys, the organisation's wallet, settings, and the card for the other founders.",
    example: 'galen node init --organisation "My Hospital" --http https://galen.example.org --p2p galen.example.org:26656',
    options: (command) => addressOptions(command).requiredOption("--organisation <name>", "whose node it is"),
    async run({ organisation, data, ...flags }) {
      const { initNode } = await import("../network/init-node.ts");
      const { CARD_FILE, isHttpAddress } = await import("../network/node-card.ts");
      const { findCometbft } = await import("../network/cometbft-program.ts");
      const addresses = await addressesOf({ data, ...flags });
      if (!isHttpAddress(addresses.http))
        throw errors.BadValue({
          option: "--http",
          value: addresses.http,
          reason: "an address without a path, such as https://galen.clinic.example",
        });
      const cometbftBinary = await findCometbft(process.env);
      const passphrase = await choosePassphrase("Passphrase for the organisation's wallet: ");
      const { card } = await initNode({ folder: data, organisation, passphrase, addresses, cometbftBinary });
      const text = [
        `${data} holds the node of ${organisation}. Send ${data}/${CARD_FILE} to the other founders; all in it is public.`,
        "With the cards of all, each founder runs: npx galen network found CARD… --name NAME",
      ];
      return { json: card, text: text.join("\n") };
    },
  });
}

function addAdopt(group: Command): void {
  addVerb<{ readonly data: string }>(group, {
    usage: "adopt <founding>",
    summary: "Make the node in a folder part of the network that a founding document founds.",
    example: "galen node adopt founding.json --data data",
    options: (command) => command.option("--data <folder>", "the node's data folder", "data"),
    async run({ data }, file = "") {
      const { adoptFounding } = await import("../network/adopt.ts");
      const { readFounding, genesisOf } = await import("../network/founding.ts");
      const founding = await readFounding(file);
      await adoptFounding(data, founding, () => unlockWallet(join(data, "wallet")));
      const { chainId } = genesisOf(founding);
      const json = { chainId, data, organisations: founding.cards.map(({ content }) => content.name) };
      return { json, text: `${data} belongs to the network ${chainId}. Start it: ${startCommand(data)}` };
    },
  });
}

function addJoin(group: Command): void {
  addVerb<AddressFlags & { readonly trust?: string }>(group, {
    usage: "join <founding>",
    summary: "Make the folder of a node that joins a running network: it follows and serves, and votes once it is registered.",
    example: "galen node join founding.json --http https://new.example.org --p2p new.example.org:26656 --trust 12000:9A0C…",
    options: (command) =>
      addressOptions(command).option(
        "--trust <height:hash>",
        "a header that you trust, to begin from a snapshot; without it, from block 1",
      ),
    async run({ trust, ...flags }, file = "") {
      const { prepareJoiningNode } = await import("../network/join-network.ts");
      const { readFounding, genesisOf } = await import("../network/founding.ts");
      const { findCometbft } = await import("../network/cometbft-program.ts");
      const founding = await readFounding(file);
      const trusted = trust === undefined ? undefined : parseTrusted(trust);
      const addresses = await addressesOf(flags);
      const place = { folder: flags.data, founding, addresses, cometbftBinary: await findCometbft(process.env) };
      const peer = await prepareJoiningNode({ ...place, ...(trusted && { trusted }) });
      const { chainId } = genesisOf(founding);
      const begin = trusted ? `from a snapshot that leads on from block ${trusted.height}` : "from block 1";
      const text = [
        `${flags.data} joins the network ${chainId}, ${begin}. Start it: ${startCommand(flags.data)}`,
        `CometBFT of the others knows it as ${peer}`,
      ];
      return { json: { chainId, data: flags.data, trusted: trusted ?? null, peer }, text: text.join("\n") };
    },
  });
}

function parseTrusted(text: string): { height: number; hash: string } {
  const [, height, hash] = /^([1-9]\d{0,14}):([0-9a-fA-F]{64})$/.exec(text) ?? [];
  if (height === undefined || hash === undefined)
    throw errors.BadValue({ option: "--trust", value: text, reason: "height:hash of a header" });
  return { height: Number(height), hash: hash.toUpperCase() };
}

function addRegister(group: Command): void {
  addVerb<OwnFlags & { readonly ready?: boolean }>(group, {
    usage: "register",
    summary: "Enter the node's key for a member of the alliance, and announce that it is ready; with --ready only the latter.",
    example: 'galen node register --as "My Hospital" --data data',
    options: (command) => ownOptions(command).option("--ready", "the key is entered; say again that the node is ready"),
    async run({ as, data, ready = false, ...options }) {
      const { announceNode, registerNode } = await import("../network/own-node.ts");
      const session = await openSession(options);
      const node = { organisation: await actorOf(session, as), folder: data };
      const key = ready ? undefined : await registerNode(session, node);
      const height = await announceNode(session, node);
      const announced = `${key === undefined ? "The node" : `Its key ${key}`} is announced as ready at height ${height}; power comes with the next epoch.`;
      return { json: { key: key ?? null, height }, text: announced };
    },
  });
}

function addReplace(group: Command): void {
  addVerb<OwnFlags>(group, {
    usage: "replace",
    summary: "Let the new node in a folder take the place of the organisation's former one: its key votes from the next epoch on.",
    example: 'galen node replace --as "My Hospital" --data new-data',
    options: ownOptions,
    async run({ as, data, ...options }) {
      const { replaceNodeKey } = await import("../network/own-node.ts");
      const session = await openSession(options);
      const node = { organisation: await actorOf(session, as), folder: data };
      const key = await replaceNodeKey(session, node);
      const text = [
        `From the next epoch on ${as} votes with the key ${key}. The former machine may stop then, and must never start again with power.`,
        `For its share: npx galen governance propose custodians --as ${shellWord(as)}`,
      ];
      return { json: { key }, text: text.join("\n") };
    },
  });
}

function addLeave(group: Command): void {
  addVerb<{ readonly as: string }>(group, {
    usage: "leave",
    summary: "Give up an organisation's voting power; its node may go on following.",
    example: 'galen node leave --as "My Hospital"',
    options: (command) => command.requiredOption("--as <name>", "the organisation, which signs"),
    async run({ as, ...options }) {
      const session = await openSession(options);
      const organisation = await actorOf(session, as);
      const value = { organisation: organisation.account };
      const { txHash, height } = await submit(session.client, { actors: [organisation], messages: [{ type: "validators.leave", value }] });
      return {
        json: { organisation: organisation.account, txHash, height },
        text: `${as} gives up its voting power with the next epoch; keep the node running until then.`,
      };
    },
  });
}
