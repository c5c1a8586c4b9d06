import type { DataSnapshot } from "@galen/node/snapshot-data";
import type { Command } from "commander";
import { type Answer, count } from "../terminal/answer.ts";
import { addVerb } from "../verb.ts";

interface DataFlags {
  readonly data: string;
}

const dataFolder = (command: Command) => command.option("--data <folder>", "the node's data folder", "data");

/** `galen snapshot export|restore`. */
export function addSnapshot(program: Command): void {
  const group = program.command("snapshot").description("write a stopped node's state and blocks into a folder, or bring them back");
  addVerb<DataFlags>(group, {
    usage: "export <folder>",
    summary: "Write genesis document, state and blocks as checked chunks. Blobs and keys are files: copy them beside it.",
    example: "galen snapshot export backup --data data",
    options: dataFolder,
    async run({ data }, folder = "") {
      const { exportData } = await import("@galen/node/snapshot-data");
      return snapshotAnswer(`Written to ${folder}`, await exportData(data, folder));
    },
  });
  addVerb<DataFlags>(group, {
    usage: "restore <folder>",
    summary: "Fill an empty data folder from a snapshot; checks every chunk, the state's root and the signatures of every block.",
    example: "galen snapshot restore backup --data restored",
    options: dataFolder,
    async run({ data }, folder = "") {
      const { restoreData } = await import("@galen/node/snapshot-data");
      return snapshotAnswer(
        `Restored into ${data}; put the folders keys and blobs back before you start it`,
        await restoreData(folder, data),
      );
    },
  });
}

function snapshotAnswer(headline: string, snapshot: DataSnapshot): Answer {
  const { chainId, height, keyCount, root, chunks } = snapshot;
  const facts = `${chainId} at height ${height}: ${count(keyCount, "record")} of state in ${count(chunks, "chunk")}, root ${root}`;
  return { json: snapshot, text: `${headline}.\n${facts}` };
}
