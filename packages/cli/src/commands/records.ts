import { summariseDocument } from "@galen/gateway";
import { contentOf, type OwnedRecord, readAllOwned } from "@galen/gateway/reading/owned-records";
import { readOwn } from "@galen/sdk/records/read-own";
import type { Command } from "commander";
import { completeRecordId } from "../reading/complete-id.ts";
import { createUnreadableList, type UnreadableList } from "../reading/unreadable.ts";
import { actorOf, openSession } from "../session.ts";
import { type Answer, count, shortId, table, time } from "../terminal/answer.ts";
import { addVerb } from "../verb.ts";
import { nameOf } from "../wallet/look-up.ts";
import type { Wallet } from "../wallet/wallet.ts";

interface OwnerFlags {
  readonly as: string;
}

const asOwner = (command: Command) => command.requiredOption("--as <name>", "the patient whose records they are");

/** `galen records list|show`. */
export function addRecords(program: Command): void {
  const group = program.command("records").description("look at one's own records");
  addVerb<OwnerFlags>(group, {
    usage: "list",
    summary: "List the documents of a patient, opened with the patient's own key; nobody else is asked.",
    example: 'galen records list --as "Alwen Sampleton"',
    options: asOwner,
    async run({ as, ...options }) {
      const session = await openSession(options);
      const unreadable = createUnreadableList(session.wallet);
      return listAnswer(session.wallet, await readAllOwned(session.client, await actorOf(session, as), unreadable.note), unreadable);
    },
  });
  addVerb<OwnerFlags>(group, {
    usage: "show <record>",
    summary: "Show one document of a patient in plain words; with --json as the FHIR bundle that it is.",
    example: 'galen records show 5f3a --as "Alwen Sampleton"',
    options: asOwner,
    async run({ as, ...options }, record = "") {
      const session = await openSession(options);
      const owner = await actorOf(session, as);
      const objectId = await completeRecordId(session.client, { owner: owner.account, start: record });
      const [opened] = await readOwn(session.client, { as: owner, objectIds: [objectId] });
      const content = contentOf(opened!);
      return { json: content, text: summariseDocument(content) };
    },
  });
}

/** With --json a list; a document that cannot be read stands in it with an `error` and without facts. */
function listAnswer(wallet: Wallet, records: readonly OwnedRecord[], unreadable: UnreadableList): Answer {
  const json = records.map(({ objectId, author, compartment, facts, createdAt, relation }) => {
    const { title, period, counts } = facts;
    return {
      record: objectId,
      title,
      compartment,
      period: period ?? null,
      counts,
      author,
      authorName: nameOf(wallet, author),
      createdAt,
      relation,
    };
  });
  const rows = records.map(({ objectId, author, compartment, facts, createdAt }) => {
    return [shortId(objectId), facts.period?.start ?? "", compartment, nameOf(wallet, author), time(createdAt), facts.title];
  });
  const listed = table(["record", "date", "compartment", "author", "filed", "title"], rows);
  return {
    json: [...json, ...unreadable.documents],
    text: [listed, count(records.length, "document"), ...unreadable.lines()].join("\n"),
  };
}
