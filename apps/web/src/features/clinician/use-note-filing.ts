import { createNote } from "@galen/gateway/fhir/clinical-note";
import { writeJson } from "@galen/gateway/fhir/json-value";
import { bytesToHex } from "@galen/ledger/crypto/hex";
import { webRandom } from "@galen/sdk/keys/random";
import { fileDocuments } from "@galen/sdk/records/file-documents";
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { shortId, useNames } from "../../keys/names.ts";
import { usePerson } from "../../keys/person.ts";
import { useNetwork } from "../../network/network.tsx";
import { authorOf, authorsLabel } from "../../records/author.ts";
import { useAskBeforeSigning } from "../../signing/signing.tsx";
import type { OpenedRecord } from "./opened-record.ts";
import { useRecordChange } from "./use-record.ts";

interface Place {
  readonly owner: string;
  readonly record: OpenedRecord;
}

/** Seals a note to the patient, files it, and lays it into the open record. Sent again after a lost answer, it is found on file. */
export function useNoteFiling({ owner, record }: Place) {
  const person = usePerson();
  const { own, saved } = person;
  const { data: network, error } = useNetwork();
  const names = useNames();
  const ask = useAskBeforeSigning();
  const change = useRecordChange(owner);
  const [objectId] = useState(() => bytesToHex(webRandom(32)));
  const [uuid] = useState(() => crypto.randomUUID());
  return useMutation({
    async mutationFn({ title, text }: { readonly title: string; readonly text: string }) {
      if (!network) throw error ?? new Error("the network is not open yet");
      const { client } = network;
      const author = authorOf(person);
      const house = author.organisation;
      const organisation = house === undefined ? undefined : { account: house, name: names.get(house)?.name ?? shortId(house) };
      const writtenAt = client.now();
      const content = createNote({
        title,
        text,
        writtenAt,
        uuid,
        author: { account: own.account, name: saved.name },
        organisation,
        patient: owner,
      });
      const document = {
        objectId,
        plaintext: writeJson(content),
        owner,
        compartment: record.generalLabel ?? authorsLabel(own, owner, "general"),
      };
      await fileDocuments(client, { ...author, documents: [document], beforeSigning: ask() });
      const day = new Date(writtenAt).toISOString().slice(0, 10);
      const filed = { objectId, title, day, compartment: "general", author: own.account, content } as const;
      change({ ...record, documents: [filed, ...record.documents] });
    },
  });
}
