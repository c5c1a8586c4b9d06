import { summariseDocument } from "@galen/gateway";
import { isDocumentRetracted } from "@galen/gateway/fhir/retraction";
import { checkCoSignatures, type OpenedDocument } from "@galen/gateway/reading/co-signatures";
import { type OwnedRecord, readAllOwned, readOwnContents } from "@galen/gateway/reading/owned-records";
import { presentDocuments } from "@galen/sdk/records/owned-documents";
import type { OwnAccount } from "@galen/sdk/transactions/own-account";
import type { Command } from "commander";
import { completeRecordId } from "../reading/complete-id.ts";
import { createUnreadableList, type UnreadableList } from "../reading/unreadable.ts";
import { actorOf, openSession, type Session } from "../session.ts";
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
      const [opened] = await readOwnContents(session.client, { as: owner, objectIds: [objectId] });
      const { content } = opened!;
      const coSigned = await coSignatureLines(session, owner, { objectId, content });
      return { json: content, text: [summariseDocument(content), ...coSigned].join("\n") };
    },
  });
}

/** Who has co-signed a document of the owner, and what only looks like it. */
async function coSignatureLines({ client, wallet }: Session, owner: OwnAccount, document: OpenedDocument): Promise<readonly string[]> {
  const statements = (await presentDocuments(client, owner.account)).filter(
    ({ relation }) => relation.kind === "statementOn" && relation.objectId === document.objectId,
  );
  if (statements.length === 0) return [];
  const objectIds = statements.map(({ objectId }) => objectId);
  const unreadable = createUnreadableList(wallet);
  const opened = await readOwnContents(client, { as: owner, objectIds, onUnreadable: unreadable.note });
  const others = opened.map(({ object, content }) => ({ objectId: object.objectId, content }));
  const lines = (await checkCoSignatures(client, document, others)).map(({ verdict, author, organisation, filedAt }) => {
    const who = organisation === undefined ? nameOf(wallet, author) : `${nameOf(wallet, author)} for ${nameOf(wallet, organisation)}`;
    const filed = `${who}, filed ${time(filedAt)}`;
    return verdict === "holds" ? `Co-signed by ${filed}` : `Not a co-signature (${verdict}): by ${filed}`;
  });
  return [...lines, ...unreadable.lines()];
}

/** With --json a list; a document that cannot be read stands in it with an `error` and without facts. */
function listAnswer(wallet: Wallet, records: readonly OwnedRecord[], unreadable: UnreadableList): Answer {
  const json = records.map(({ objectId, author, compartment, content, facts, createdAt, relation }) => {
    const { title, period, counts } = facts;
    return {
      objectId,
      title,
      isRetracted: isDocumentRetracted(content),
      compartment,
      period: period ?? null,
      counts,
      author,
      authorName: nameOf(wallet, author),
      createdAt,
      relation,
    };
  });
  const rows = records.map(({ objectId, author, compartment, content, facts, createdAt }) => {
    const title = isDocumentRetracted(content) ? `RETRACTED · ${facts.title}` : facts.title;
    return [shortId(objectId), facts.period?.start ?? "", compartment, nameOf(wallet, author), time(createdAt), title];
  });
  const listed = table(["record", "date", "compartment", "author", "filed", "title"], rows);
  return {
    json: [...json, ...unreadable.documents],
    text: [listed, count(records.length, "document"), ...unreadable.lines()].join("\n"),
  };
}
