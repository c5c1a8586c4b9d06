import { type LoggedRelease, releaseLog } from "@galen/sdk/records/release-log";
import type { Command } from "commander";
import { openReading } from "../session.ts";
import { type Answer, count, shortId, table, time } from "../terminal/answer.ts";
import { addVerb } from "../verb.ts";
import { accountOf, nameOf } from "../wallet/look-up.ts";
import type { AddressBook } from "../wallet/wallet.ts";

/** `galen log`. */
export function addLog(program: Command): void {
  addVerb<{ readonly as: string }>(program, {
    usage: "log",
    summary: "Show who read one's records, or tried to: when, why, under which grant.",
    example: 'galen log --as "Alwen Sampleton"',
    options: (command) => command.requiredOption("--as <name>", "the patient"),
    async run({ as, ...options }) {
      const { client, wallet } = await openReading(options);
      const entries: LoggedRelease[] = [];
      for await (const entry of releaseLog(client, accountOf(wallet, as))) entries.push(entry);
      return logAnswer(wallet, entries);
    },
  });
}

function logAnswer(wallet: AddressBook, entries: readonly LoggedRelease[]): Answer {
  const rows = entries.map(({ at, reader, purpose, outcome, grantId, objects, releaseId }) => [
    time(at),
    nameOf(wallet, reader),
    purpose,
    whatHappened(outcome, objects.length),
    grantId === undefined ? "" : shortId(grantId),
    shortId(releaseId),
  ]);
  const json = entries.map(({ objects, ...entry }) => ({
    ...entry,
    readerName: nameOf(wallet, entry.reader),
    objectIds: objects.map(({ objectId }) => objectId),
  }));
  return {
    json,
    text: `${table(["when", "who", "why", "what", "grant", "entry"], rows)}\n${count(entries.length, "entry").replace("entrys", "entries")}`,
  };
}

function whatHappened(outcome: LoggedRelease["outcome"], documents: number): string {
  if (outcome.kind === "refused") return `refused: ${outcome.reason}`;
  return `read ${count(documents, "document")}${outcome.under === "emergency" ? " in an emergency" : ""}`;
}
