import type { ReplayedHeight } from "@galen/node/replay-data";
import type { Command } from "commander";
import { errors } from "../errors.ts";
import { createProgress } from "../terminal/progress.ts";
import { addVerb } from "../verb.ts";

/** `galen replay`. */
export function addReplay(program: Command): void {
  addVerb<{ readonly data: string }>(program, {
    usage: "replay",
    summary: "Execute every block again from the genesis document and compare state and results at each height. Stop the node first.",
    example: "galen replay --data data",
    options: (command) => command.option("--data <folder>", "the node's data folder", "data"),
    async run({ data, json }) {
      const { replayData } = await import("@galen/node/replay-data");
      const progress = createProgress({ silent: json });
      const heights: ReplayedHeight[] = [];
      for await (const { total, ...block } of replayData(data)) {
        heights.push(block);
        progress.report(block.height, total, "blocks executed again");
        if (!block.isEqual) break;
      }
      progress.end();
      const different = heights.find(({ isEqual }) => !isEqual);
      if (different) throw errors.ReplayDiffers({ height: different.height });
      const last = heights.at(-1);
      const text = `${heights.length} blocks executed again; state and results equal at every height. State root ${last?.appHash ?? "none"}`;
      return {
        json: { heights: heights.length, appHash: last?.appHash ?? null, equal: true, appHashes: heights.map(({ appHash }) => appHash) },
        text,
      };
    },
  });
}
