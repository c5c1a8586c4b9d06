import { stderr } from "node:process";
import type { Command } from "commander";
import { parseCount } from "../choices.ts";
import { shellWord } from "../terminal/shell-word.ts";
import { addVerb, setAction } from "../verb.ts";
import { choosePassphrase } from "../wallet/passphrase.ts";
import { TOWN_PASSPHRASE } from "../wallet/wallet.ts";

interface CreateFlags {
  readonly organisations: string;
  readonly dir: string;
  readonly town?: boolean;
}

const DEFAULT_FOLDER = "network";

/** `galen network create|start|status|stop|found`. */
export function addNetwork(program: Command): void {
  const group = program
    .command("network")
    .description("a network of several organisations: on this machine for trying, or founded together");
  addCreate(group);
  addStart(group);
  addStatus(group);
  addStop(group);
  addFound(group);
}

function addCreate(group: Command): void {
  addVerb<CreateFlags>(group, {
    usage: "create",
    summary: "Make a network of several organisations on this machine: for each a folder with own keys, and one founding.",
    example: "galen network create --organisations 4 --town",
    options: (command) =>
      command
        .option("--organisations <number>", "how many found it, a node each", "4")
        .option("--dir <folder>", "where it is kept", DEFAULT_FOLDER)
        .option("--town", "with the sample town, whose passphrase is public"),
    async run({ organisations, dir, town = false }) {
      const { createNetwork } = await import("../network/create-network.ts");
      const { genesisOf } = await import("../network/founding.ts");
      const count = parseCount("--organisations", organisations);
      const passphrase = town ? TOWN_PASSPHRASE : await choosePassphrase("Passphrase for the wallets: ");
      const note = (sentence: string) => void stderr.write(`${sentence}\n`);
      const founding = await createNetwork({ folder: dir, organisations: count, isTown: town, passphrase, note });
      const { chainId } = genesisOf(founding);
      const nodes = founding.cards.map(({ content }) => ({ organisation: content.name, http: content.http, p2p: content.p2p }));
      const text = `The network ${chainId} of ${count} organisations lies in ${dir}. Start it:\n\n  npx galen network start${dir === DEFAULT_FOLDER ? "" : ` ${shellWord(dir)}`}`;
      return { json: { chainId, folder: dir, nodes }, text };
    },
  });
}

function addStart(group: Command): void {
  const command = group
    .command("start [folder]")
    .description("Start all nodes of a network on this machine, finish its founding the first time, and serve until stopped.")
    .option("--json", "print one JSON object when the network is ready")
    .addHelpText("after", "\nExample:\n  galen network start network");
  setAction(command, async (folder = DEFAULT_FOLDER) => {
    const { runNetwork } = await import("../network/run-network.ts");
    await runNetwork(folder, command.opts<{ readonly json?: boolean }>());
  });
}

function addStatus(group: Command): void {
  addVerb<object>(group, {
    usage: "status [folder]",
    summary: "Show every node: height, lag of its read model, peers, voting power, custodian; and whether they agree.",
    example: "galen network status network --json",
    async run({ url }, folder) {
      const { networkStatus, statusText } = await import("../network/network-status.ts");
      const status = await networkStatus(folder === undefined ? { url } : { folder });
      return { json: status, text: statusText(status) };
    },
  });
}

function addStop(group: Command): void {
  addVerb<object>(group, {
    usage: "stop [folder]",
    summary: "Stop the network that `galen network start` runs on this machine, and tell which of its nodes run besides.",
    example: "galen network stop network",
    async run(_flags, folder = DEFAULT_FOLDER) {
      const { requestStop } = await import("../network/control-socket.ts");
      const { requireNetworkFolder } = await import("../network/network-folder.ts");
      const { stillRunning } = await import("../network/still-running.ts");
      await requireNetworkFolder(folder);
      const wasRunning = await requestStop(folder);
      const running = await stillRunning(folder);
      const outcome = wasRunning ? `The network in ${folder} has stopped` : `No network runs in ${folder}`;
      const text = [
        running.length === 0
          ? `${outcome}.`
          : `${outcome}, but nodes that were started by themselves still run; stop each where it was started:`,
        ...running.map(({ organisation, url }) => `  ${url}   ${organisation}`),
      ];
      return { json: { folder, wasRunning, stillRunning: running }, text: text.join("\n") };
    },
  });
}

function addFound(group: Command): void {
  addVerb<{ readonly name: string; readonly out: string }>(group, {
    usage: "found <cards...>",
    summary: "Bring the founders' node cards together in one founding document. Every founder makes the same one: compare its hash.",
    example: "galen network found hospital.json clinic.json insurer.json authority.json --name clinics",
    options: (command) =>
      command.requiredOption("--name <name>", "of the network: a-z, 0-9 and -").option("--out <file>", "the document", "founding.json"),
    async run({ name, out }, ...cards) {
      const { foundFromCards } = await import("../network/found-from-cards.ts");
      const { chainId, genesisHash, organisations, threshold } = await foundFromCards({ name, cards, out });
      const lines = [
        `${out} founds the network ${chainId}:`,
        ...organisations.map((organisation) => `  ${organisation}`),
        "",
        `${threshold} of ${organisations.length} custodians will open. The hash of the genesis document, to be compared among all founders over the telephone:`,
        `  ${genesisHash}`,
        "",
        `Each founder adopts it: npx galen node adopt ${shellWord(out)} --data FOLDER`,
      ];
      return { json: { chainId, genesisHash, organisations, threshold, file: out }, text: lines.join("\n") };
    },
  });
}
