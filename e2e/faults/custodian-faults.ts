import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { GalenError } from "@galen/sdk";
import type { FaultCase } from "./fault-case.ts";
import type { Lab } from "./lab.ts";
import type { LabNode } from "./lab-node.ts";
import { caughtUp, greatestHeight } from "./watching.ts";

/** What happens to custodians: 3 of 4 open. */
export const custodianFaults: readonly FaultCase[] = [
  {
    name: "one custodian answers with another share than its own",
    isShort: true,
    async run({ nodes, reading }) {
      const liar = nodes[1]!;
      const before = await greatestHeight(nodes);
      const share = await changeShare(liar);
      await reading.read(nodes[0]!.client);
      await restoreShare(liar, share);
      const recoveryMs = await caughtUp(nodes);
      const blocksDuring = (await greatestHeight(nodes)) - before;
      return { blocksDuring, recoveryMs, seen: "its proof does not hold; the reader opens with the shares of the others" };
    },
  },
  {
    name: "one custodian lies and another is down",
    async run(lab) {
      const [reader, liar, , absent] = lab.nodes as [LabNode, LabNode, LabNode, LabNode];
      const before = await greatestHeight(lab.nodes);
      const share = await changeShare(liar);
      await absent.kill();
      await requireClosed(lab, reader);
      await absent.start();
      await restoreShare(liar, share);
      const recoveryMs = await caughtUp(lab.nodes);
      const blocksDuring = (await greatestHeight(lab.nodes)) - before;
      return { blocksDuring, recoveryMs, seen: "two honest custodians do not open; the refusal tells which answered how" };
    },
  },
];

async function requireClosed({ reading }: Lab, node: LabNode): Promise<void> {
  try {
    await reading.read(node.client);
  } catch (error) {
    if (error instanceof GalenError && error.id.startsWith("release/")) return;
    throw error;
  }
  throw new Error("fewer than three honest custodians opened");
}

const shareFile = ({ folder }: LabNode) => join(folder, "keys", "custodian-state.json");

/** Gives the custodian another share. Returns its file as it was. */
async function changeShare(node: LabNode): Promise<string> {
  await node.stop();
  const text = await readFile(shareFile(node), "utf8");
  const state = JSON.parse(text) as { held: { share: string } };
  // The first byte of the scalar: it stays below the order of the group.
  const share = state.held.share.replace(/^hex:(..)/, (_, byte: string) => `hex:${byte === "00" ? "01" : "00"}`);
  if (share === state.held.share) throw new Error("the share was not changed");
  await writeFile(shareFile(node), JSON.stringify({ ...state, held: { ...state.held, share } }));
  await node.start();
  return text;
}

async function restoreShare(node: LabNode, text: string): Promise<void> {
  await node.stop();
  await writeFile(shareFile(node), text);
  await node.start();
}
