import type { JsonObject } from "@galen/gateway";
import type { Compartment } from "@galen/gateway/fhir/compartment";
import { describeDocument } from "@galen/gateway/fhir/document-facts";
import { writeJson } from "@galen/gateway/fhir/json-value";
import type { Authorship } from "@galen/gateway/fhir/written-document";
import { equalBytes } from "@galen/ledger/crypto/bytes";
import type { Client } from "@galen/sdk/client/client";
import { fileNewDocuments } from "@galen/sdk/records/file-documents";
import type { NewDocument } from "@galen/sdk/records/seal-document";
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import type { ChartDocument } from "../chart/chart.ts";
import { dayOf } from "../frame/days.ts";
import { shortId, useNames } from "../keys/names.ts";
import { usePerson } from "../keys/person.ts";
import { requireNetwork } from "../network/network.tsx";
import { useAskBeforeSigning } from "../signing/signing.tsx";
import { authorOf, authorsLabel } from "./author.ts";
import { type OpenedRecord, withDocument } from "./opened-record.ts";
import { beginTries, filedOf, type Tries, type Written } from "./tries.ts";
import { changeRecord } from "./use-record.ts";

interface Place {
  readonly owner: string;
  readonly record: OpenedRecord;
}

/** What is written for a patient. */
interface Draft {
  readonly title: string;
  /** The document on which it is a statement; it lies where that one lies, so that the same people read both. */
  readonly statementOn?: ChartDocument;
  /** What it says, where `write` gives other bytes each time, as one that signs does. */
  readonly says?: string;
  /** Gives the same document for the same authorship, unless the draft tells what it `says`. */
  readonly write: (authorship: Authorship) => JsonObject | Promise<JsonObject>;
  /** Looks once more whether it may be written; what it rejects with is shown. */
  readonly check?: (client: Client) => Promise<void>;
}

/** What was sent before, and got no answer, is on file. It says something else than what was to be filed now, of which nothing was sent. */
export class EarlierFiledError extends Error {
  override readonly name = "EarlierFiledError";
  readonly document: ChartDocument;
  constructor(document: ChartDocument) {
    super("an earlier version is on file");
    this.document = document;
  }
}

/**
 * Seals what was written to the patient, files it, and lays it into the open record. Sent again after a lost answer, it is found on file; what was changed since then is
 * not taken for it. Rejects with EarlierFiledError, NotSignedError, GalenError, and as the draft's check does.
 */
export function useWriting({ owner, record }: Place) {
  const person = usePerson();
  const ask = useAskBeforeSigning();
  const compose = useComposing({ owner, record });
  const [tries, setTries] = useState(beginTries);
  /** Gives what is on file then: an earlier try may have arrived in the meantime. */
  async function file(client: Client, draft: Draft): Promise<Written> {
    const { check, statementOn } = draft;
    await check?.(client);
    const written = await compose(draft, tries, client.now());
    let { made } = tries;
    const [filed] = await fileNewDocuments(client, {
      ...authorOf(person),
      documents: [sealable(owner, written)],
      onSealed([object]) {
        made = [...made, { ...written, ciphertext: object!.ciphertext }];
        setTries({ ...tries, made });
      },
      beforeSigning: ask((id) => (id === statementOn?.objectId ? statementOn?.title : undefined)),
    });
    const onFile = filed ? written : await filedOf(client, { ...tries, made });
    if (!onFile) throw new Error("something else has the id of this document");
    return onFile;
  }
  return useMutation({
    async mutationFn(draft: Draft): Promise<ChartDocument> {
      const { client } = await requireNetwork();
      const onFile = (await filedOf(client, tries)) ?? (await file(client, draft));
      const { document } = onFile;
      setTries(beginTries());
      changeRecord(person.own.account, owner, (now) => withDocument(now, document));
      if (!(await isSame(onFile, draft))) throw new EarlierFiledError(document);
      return document;
    },
  });
}

/** Makes a document of a draft, and finds the place where it lies. */
function useComposing({ owner, record }: Place) {
  const person = usePerson();
  const names = useNames();
  const { own, saved } = person;
  return async ({ title, says, write, statementOn }: Draft, { objectId, uuid }: Tries, writtenAt: number): Promise<Written> => {
    const house = authorOf(person).organisation;
    const organisation = house === undefined ? undefined : { account: house, name: names.get(house)?.name ?? shortId(house) };
    const authorship = { writtenAt, uuid, author: { account: own.account, name: saved.name }, organisation, patient: owner };
    const content = await write(authorship);
    // By what it says: a code from a sensitive area puts it there.
    const { compartment } = describeDocument(content);
    const label = statementOn?.label ?? labelFor(record, compartment) ?? authorsLabel(own, owner, compartment);
    const statement = statementOn && { statementOn: statementOn.objectId };
    const filedBy = { author: own.account, organisation: house };
    const document = { objectId, title, day: dayOf(writtenAt), compartment, label, ...filedBy, ...statement, content };
    return { authorship, says, document };
  };
}

function sealable(owner: string, { document: { objectId, content, label, statementOn } }: Written): NewDocument {
  const relation = statementOn === undefined ? ({ kind: "none" } as const) : ({ kind: "statementOn", objectId: statementOn } as const);
  return { objectId, plaintext: writeJson(content), owner, compartment: label, relation };
}

/** Whether a draft says what was written before. */
async function isSame({ authorship, says: said, document }: Written, { says, write }: Draft): Promise<boolean> {
  if (says !== undefined) return says === said;
  return equalBytes(writeJson(await write(authorship)), writeJson(document.content));
}

/** Where the patient keeps such documents, as far as the author has seen it. Medication lies with the visits where it has no place of its own. */
export function labelFor({ labels }: Pick<OpenedRecord, "labels">, compartment: Compartment): string | undefined {
  return labels.get(compartment) ?? (compartment === "medication" ? labels.get("general") : undefined);
}
