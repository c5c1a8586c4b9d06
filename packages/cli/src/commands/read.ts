import { mergeDocuments, summariseDocument } from "@galen/gateway";
import { MAX_FILE_BYTES } from "@galen/gateway/fhir/read-json";
import { writeReadable } from "@galen/gateway/fhir/readable-json";
import { contentsOf } from "@galen/gateway/reading/owned-records";
import { MAX_OBJECTS } from "@galen/ledger/modules/vault/schema";
import { calm } from "@galen/sdk/acts/inert";
import { GalenError } from "@galen/sdk/client/galen-error";
import { query } from "@galen/sdk/client/query";
import { type GrantedReading, readGranted } from "@galen/sdk/records/read-granted";
import type { OnUnreadable } from "@galen/sdk/records/unreadable";
import type { OwnAccount } from "@galen/sdk/transactions/own-account";
import type { Command } from "commander";
import { type Purpose, parseCount, parsePurpose } from "../choices.ts";
import { errors } from "../errors.ts";
import { requireWritable, writeOutput } from "../output-file.ts";
import { completeReadableId, completeReceivedGrantId } from "../reading/complete-id.ts";
import { type EmergencyReading, readInEmergency } from "../reading/read-in-emergency.ts";
import { readRecords } from "../reading/read-records.ts";
import { requireGrant } from "../reading/require-grant.ts";
import { createUnreadableList } from "../reading/unreadable.ts";
import { actorOf, openSession, type Session } from "../session.ts";
import { count } from "../terminal/answer.ts";
import { addVerb } from "../verb.ts";
import { accountOf } from "../wallet/look-up.ts";

interface ReadFlags {
  readonly as: string;
  readonly patient?: string;
  readonly record?: string;
  readonly purpose?: string;
  readonly grant?: string;
  readonly emergency?: boolean;
  readonly reason?: string;
  readonly skip?: string;
  readonly out?: string;
}

/** `galen read`. */
export function addRead(program: Command): void {
  addVerb<ReadFlags>(program, {
    usage: "read",
    summary: "Read a patient's records under a grant. The ledger logs the request before the custodians hand out a key.",
    example: 'galen read --as "Dr. Brisa Placeholm" --patient "Brisa Testerly" --purpose TREAT',
    options: (command) =>
      command
        .requiredOption("--as <name>", "who reads")
        .option("--patient <name>", "whose records: all that the grant covers")
        .option("--record <id>", "one document, by the beginning of its id")
        .option("--purpose <code>", "why: an HL7 PurposeOfUse code; TREAT by default")
        .option("--grant <id>", "under which grant, by the beginning of its id; by default the open one that fits best")
        .option("--emergency", "without a grant, because it cannot wait: the patient is told, and the reason is reviewed")
        .option("--reason <text>", "why it cannot wait; the ledger gets its hash only")
        .option("--skip <number>", "in an emergency: leave out so many of the newest documents, which an earlier use has opened")
        .option("--out <file>", "write the documents as one FHIR bundle into this file"),
    async run({ as, ...flags }) {
      requireFitting(flags);
      if (flags.out !== undefined) await requireWritable(flags.out);
      const session = await openSession(flags);
      const unreadable = createUnreadableList(session.wallet);
      const {
        releaseIds,
        opened,
        failures,
        reason,
        older = 0,
      } = await read(session, await actorOf(session, as), {
        ...flags,
        onUnreadable: unreadable.note,
      });
      const documents = contentsOf(opened, unreadable.note);
      const contents = documents.map(({ content }) => content);
      if (flags.out !== undefined) await writeOutput(flags.out, writeReadable(mergeDocuments(contents)));
      const heading = `${count(documents.length, "document")}; logged for the patient as ${releaseIds.join(", ")}`;
      const shown = flags.out === undefined ? contents.map(summariseDocument) : [`written to ${flags.out}`];
      const left = `${count(older, "older document")} not asked for, as one use opens ${MAX_OBJECTS}: again with --skip ${Number(flags.skip ?? 0) + MAX_OBJECTS}`;
      const kept = reason && `Keep for the review: the reason, word for word, and its nonce ${reason.nonce}`;
      const json = documents.map(({ object, content }) => ({ objectId: object.objectId, bundle: content }));
      const unhelpful = failures.map(
        ({ url, kind, id }) => `the custodian at ${url} was of no help: ${kind}${id === "" ? "" : ` (${calm(id)})`}`,
      );
      const facts = { documents: json, unreadable: unreadable.documents, custodianFailures: failures };
      return {
        json: { releaseIds, ...(reason && { reason, older }), ...facts },
        text: [
          heading,
          ...(older > 0 ? [left] : []),
          ...(kept === undefined ? [] : [kept]),
          ...shown,
          ...unreadable.lines(),
          ...unhelpful,
        ].join("\n\n"),
      };
    },
  });
}

type Reading = Omit<ReadFlags, "as"> & { readonly onUnreadable: OnUnreadable };

type DoneReading = GrantedReading & Partial<Pick<EmergencyReading, "reason" | "older">>;

async function read(session: Session, reader: OwnAccount, { onUnreadable, ...flags }: Reading): Promise<DoneReading> {
  const { client, wallet } = session;
  const purpose = parsePurpose(flags.purpose ?? "TREAT");
  if ((flags.patient === undefined) === (flags.record === undefined)) {
    throw errors.BadValue({ option: "--patient", reason: "give one of --patient and --record" });
  }
  const record = flags.record === undefined ? undefined : await completeReadableId(client, { reader, start: flags.record });
  const owner = record === undefined ? accountOf(wallet, flags.patient!) : await ownerOf(session, record);
  if (flags.emergency === true) {
    const skip = flags.skip === undefined ? undefined : parseCount("--skip", flags.skip);
    return readInEmergency(client, { as: reader, owner, record, skip, reason: requireReason(flags), onUnreadable });
  }
  const grantId = await (flags.grant === undefined
    ? findGrant(session, { reader, owner, purpose })
    : completeReceivedGrantId(client, { reader, start: flags.grant }));
  const request = { as: reader, purpose, onUnreadable, ...(grantId === undefined ? {} : { grantId }) };
  if (record !== undefined) return readGranted(client, { ...request, objectIds: [record], maxSizeBytes: MAX_FILE_BYTES });
  return readRecords(client, { ...request, owner });
}

/** Refuses what would be passed over: of a reading only what was asked for may stand in the log. */
function requireFitting({ emergency, purpose, grant, reason, skip, record }: Omit<ReadFlags, "as">): void {
  const given = (option: string, value: string | undefined) => (value === undefined ? [] : [option]);
  const [unfit] =
    emergency === true
      ? [...given("--grant", grant), ...given("--purpose", purpose)]
      : [...given("--reason", reason), ...given("--skip", skip)];
  if (record !== undefined && skip !== undefined) throw errors.BadValue({ option: "--skip", reason: "--record names the document" });
  const rule = emergency === true ? "an emergency has no grant, and a purpose of its own" : "only --emergency takes it";
  if (unfit !== undefined) throw errors.BadValue({ option: unfit, reason: rule });
}

function requireReason({ reason }: Pick<ReadFlags, "reason">): string {
  if (reason === undefined || reason.trim() === "") throw errors.BadValue({ option: "--reason", reason: "say why it cannot wait" });
  return reason;
}

async function ownerOf({ client }: Session, objectId: string): Promise<string> {
  return (await query<{ readonly owner: string }>(client, "vault.object", { objectId })).result.owner;
}

/** The grant under which a reader asks; undefined for owners and delegates, who need none. Throws Refusal cli/NoGrant. */
async function findGrant(
  session: Session,
  { reader, owner, purpose }: { reader: OwnAccount; owner: string; purpose: Purpose },
): Promise<string | undefined> {
  const { client } = session;
  if (reader.account === owner || (await isDelegate(session, { owner, delegate: reader.account }))) return undefined;
  return requireGrant(client, { reader, owner, purpose });
}

async function isDelegate({ client }: Session, parties: { owner: string; delegate: string }): Promise<boolean> {
  try {
    const { result } = await query<{ scopes: readonly string[]; until: number }>(client, "accounts.delegation", parties);
    return result.scopes.includes("records.read") && client.now() < result.until;
  } catch (error) {
    if (error instanceof GalenError && error.id === "accounts/UnknownDelegation") return false;
    throw error;
  }
}
