import { printConfigReference, readConfig, shownConfig } from "@galen/node/config";
import type { Command } from "commander";
import { addVerb } from "../verb.ts";

/** `galen config`. */
export function addConfig(program: Command): void {
  addVerb<{ readonly config?: string }>(program, {
    usage: "config",
    summary: "Print the reference of a node's settings; with --json the settings as they are in force here.",
    example: "GALEN_HTTP_PORT=9090 galen config --json",
    options: (command) => command.option("--config <file>", "the node's configuration file"),
    async run({ config }) {
      const inForce = await readConfig({ ...(config === undefined ? {} : { file: config }), environment: process.env });
      return { json: shownConfig(inForce), text: printConfigReference().trimEnd() };
    },
  });
}
