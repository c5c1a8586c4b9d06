import { calm } from "@galen/sdk/acts/inert";
import { createClient } from "@galen/sdk/client/client";
import { status } from "@galen/sdk/client/status";
import type { Command } from "commander";
import { time } from "../terminal/answer.ts";
import { addVerb } from "../verb.ts";

/** `galen status`. */
export function addStatus(program: Command): void {
  addVerb(program, {
    usage: "status",
    summary: "Show where the node's chain stands.",
    example: "galen status --json",
    async run({ url }) {
      const found = await status(createClient({ url }));
      const lines = [
        `network     ${calm(found.chainId)}`,
        `height      ${found.height} (read model at ${found.indexedHeight}), ${time(found.blockTime)}`,
        `state root  ${found.appHash}`,
        `validator   ${found.validator}`,
        `custodians  ${found.collectiveKey === null ? "no key yet" : `key ${found.collectiveKey}, epoch ${found.custodyEpoch}`}`,
        `software    ${calm(found.software)}`,
      ];
      return { json: found, text: lines.join("\n") };
    },
  });
}
