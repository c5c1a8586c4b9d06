import type { Command } from "commander";
import type { StartFlags } from "../start/start-network.ts";
import { setAction } from "../verb.ts";

/** `galen start`. */
export function addStart(program: Command): void {
  const command = program
    .command("start")
    .description("Start a network on this machine: found it with the sample town the first time, resume it the next.")
    .option("--data <folder>", "where everything is kept; the wallet lies in its folder wallet")
    .option("--port <number>", "port of the HTTP API")
    .option("--host <address>", "address to listen on")
    .option("--config <file>", "configuration of the node; `galen config` prints the reference")
    .option("--empty", "found the network without the sample town; asks for a passphrase for the wallet")
    .option("--organisation <name>", "the organisation that founds an empty network", "Founder")
    .option("--introduce <wallet>", "introduce the people of the sample town in this wallet to the web app")
    .option("--json", "print one JSON object when the network is ready")
    .addHelpText("after", "\nExample:\n  galen start --data data --port 8080");
  setAction(command, async () => {
    // Loaded here: the other verbs need no node, and are quicker without one.
    const { startNetwork } = await import("../start/start-network.ts");
    await startNetwork(command.opts<StartFlags>());
  });
}
