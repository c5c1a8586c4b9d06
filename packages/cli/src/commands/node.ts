import { join } from "node:path";
import type { Command } from "commander";
import { unlockWallet } from "../session.ts";
import { addVerb } from "../verb.ts";
import { askPassphrase } from "../wallet/passphrase.ts";

interface InitFlags {
  readonly organisation: string;
  readonly data: string;
  readonly http: string;
  readonly p2p: string;
}

/** `galen node init|adopt`. */
export function addNode(program: Command): void {
  const group = program.command("node").description("an organisation's node of a network");
  addInit(group);
  addAdopt(group);
}

function addInit(group: Command): void {
  addVerb<InitFlags>(group, {
    usage: "init",
    summary: "Make the folder of a new node: its keys, the organisation's wallet, settings, and the card for the other founders.",
    example: 'galen node init --organisation "My Hospital" --http https://galen.example.org --p2p galen.example.org:26656',
    options: (command) =>
      command
        .requiredOption("--organisation <name>", "whose node it is")
        .requiredOption("--http <url>", "base of its HTTP API, as clients and the other nodes reach it")
        .requiredOption("--p2p <host:port>", "where the other nodes reach its CometBFT")
        .option("--data <folder>", "the new data folder", "data"),
    async run({ organisation, data, http, p2p }) {
      const { initNode, CARD_FILE } = await import("../network/init-node.ts");
      const { findCometbft } = await import("../network/cometbft-program.ts");
      const { listenOn } = await import("../network/node-config.ts");
      const passphrase = await askPassphrase("Passphrase for the organisation's wallet: ");
      const addresses = { http, p2p, listen: listenOn({ p2p }) };
      const { card } = await initNode({
        folder: data,
        organisation,
        passphrase,
        cometbftBinary: await findCometbft(process.env),
        addresses,
      });
      const text = [
        `${data} holds the node of ${organisation}. Send ${data}/${CARD_FILE} to the other founders; all in it is public.`,
        "With the cards of all, each founder runs: galen network found CARD… --name NAME",
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
      await adoptFounding(data, founding, await unlockWallet(join(data, "wallet")));
      const { chainId } = genesisOf(founding);
      const text = `${data} belongs to the network ${chainId}. Start it: galen start --config ${data}/galen.config.json --data ${data}`;
      return { json: { chainId, data, organisations: founding.cards.map(({ content }) => content.name) }, text };
    },
  });
}
