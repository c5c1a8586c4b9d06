import type { JsonObject } from "@galen/gateway";
import type { Compartment } from "@galen/gateway/fhir/compartment";
import { describeDocument } from "@galen/gateway/fhir/document-facts";
import { writeJson } from "@galen/gateway/fhir/json-value";
import type { Authorship } from "@galen/gateway/fhir/written-document";
import { bytesToHex } from "@galen/ledger/crypto/hex";
import type { Client } from "@galen/sdk/client/client";
import { webRandom } from "@galen/sdk/keys/random";
import { fileDocuments } from "@galen/sdk/records/file-documents";
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import type { ChartDocument } from "../chart/chart.ts";
import { dayOf } from "../frame/days.ts";
import { shortId, useNames } from "../keys/names.ts";
import { usePerson } from "../keys/person.ts";
import { useRequireNetwork } from "../network/network.tsx";
import { useAskBeforeSigning } from "../signing/signing.tsx";
import { authorOf, authorsLabel } from "./author.ts";
import type { OpenedRecord } from "./opened-record.ts";
import { statementOf } from "./statement-of.ts";
import { useRecordChange } from "./use-record.ts";

interface Place {
  readonly owner: string;
  readonly record: OpenedRecord;
}

/** What is written for a patient. */
interface Draft {
  readonly title: string;
  /** The document on which it is a statement; it lies where that one lies, so that the same people read both. */
  readonly statementOn?: ChartDocument;
  readonly write: (authorship: Authorship) => JsonObject | Promise<JsonObject>;
  /** Looks once more whether it may be written; what it rejects with is shown. */
  readonly check?: (client: Client) => Promise<void>;
}

/** Seals what was written to the patient, files it, and lays it into the open record. Sent again after a lost answer, it is found on file. */
export function useWriting({ owner, record }: Place) {
  const person = usePerson();
  const { own, saved } = person;
  const requireNetwork = useRequireNetwork();
  const names = useNames();
  const ask = useAskBeforeSigning();
  const change = useRecordChange(owner);
  const [objectId] = useState(() => bytesToHex(webRandom(32)));
  const [uuid] = useState(() => crypto.randomUUID());
  return useMutation({
    async mutationFn({ title, write, check, statementOn }: Draft): Promise<ChartDocument> {
      const { client } = requireNetwork();
      await check?.(client);
      const signer = authorOf(person);
      const house = signer.organisation;
      const organisation = house === undefined ? undefined : { account: house, name: names.get(house)?.name ?? shortId(house) };
      const writtenAt = client.now();
      const content = await write({ writtenAt, uuid, author: { account: own.account, name: saved.name }, organisation, patient: owner });
      // By what it says: a code from a sensitive area puts it there.
      const { compartment } = describeDocument(content);
      const label = statementOn?.label ?? labelFor(record, compartment) ?? authorsLabel(own, owner, compartment);
      const relation = statementOn ? ({ kind: "statementOn", objectId: statementOn.objectId } as const) : ({ kind: "none" } as const);
      const document = { objectId, plaintext: writeJson(content), owner, compartment: label, relation };
      const beforeSigning = ask((id) => (id === statementOn?.objectId ? statementOn?.title : undefined));
      await fileDocuments(client, { ...signer, documents: [document], beforeSigning });
      const day = dayOf(writtenAt);
      const filed = { objectId, title, day, compartment, label, author: own.account, ...statementOf(relation), content };
      change({ ...record, documents: [filed, ...record.documents] });
      return filed;
    },
  });
}

/** Where the patient keeps such documents, as far as the author has seen it. Medication lies with the visits where it has no place of its own. */
export function labelFor({ labels }: Pick<OpenedRecord, "labels">, compartment: Compartment): string | undefined {
  return labels.get(compartment) ?? (compartment === "medication" ? labels.get("general") : undefined);
}
