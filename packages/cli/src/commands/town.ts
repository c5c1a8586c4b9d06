import type { Command } from "commander";
import { unlockWallet } from "../session.ts";
import { count, table } from "../terminal/answer.ts";
import { organisations, workers } from "../town/town.ts";
import { addVerb } from "../verb.ts";
import type { WalletEntry } from "../wallet/entry.ts";
import { nameOf } from "../wallet/look-up.ts";

/** `galen town`. */
export function addTown(program: Command): void {
  addVerb(program, {
    usage: "town",
    summary: "Show who lives in the sample town and what part they play.",
    example: "galen town",
    async run({ wallet: folder }) {
      const wallet = await unlockWallet(folder);
      const parts = wallet.entries().map((entry) => ({ ...partOf(entry), entry }));
      const ordered = parts.toSorted((a, b) => a.order - b.order);
      const json = ordered.map(({ part, entry: { name, account, worksFor } }) => ({ name, part, account, ...(worksFor && { worksFor }) }));
      const rows = ordered.map(({ part, entry }) => [entry.name, part, entry.worksFor === undefined ? "" : nameOf(wallet, entry.worksFor)]);
      return { json, text: `${table(["name", "part", "works for"], rows)}\n${count(rows.length, "inhabitant")}` };
    },
  });
}

function partOf({ name, patientIdentity }: WalletEntry): { readonly part: string; readonly order: number } {
  const organisation = organisations.findIndex((one) => one.name === name);
  const worker = workers.findIndex((one) => one.name === name);
  if (organisation >= 0) return { part: organisations[organisation]!.part, order: organisation };
  if (worker >= 0) {
    const { role, licence } = workers[worker]!;
    return { part: licence === "suspended" ? `${role}, licence suspended` : role, order: organisations.length + worker };
  }
  return { part: patientIdentity === undefined ? "guest" : "patient", order: organisations.length + workers.length };
}
