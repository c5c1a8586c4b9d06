import { writeJson } from "@galen/gateway/fhir/json-value";
import { fileDocuments } from "@galen/sdk/records/file-documents";
import { deriveObjectId } from "@galen/sdk/records/object-id";
import type { NewDocument } from "@galen/sdk/records/seal-document";
import type { OwnAccount } from "@galen/sdk/transactions/own-account";
import { useState } from "react";
import { usePerson } from "../../keys/person.ts";
import { useNetwork } from "../../network/network.tsx";
import { authorOf, authorsLabel } from "../../records/author.ts";
import type { PatientFiles } from "./read-files.ts";

/** How far the documents of one patient are. */
export type Progress =
  | { readonly state: "filing"; readonly onFile: number; readonly total: number }
  | { readonly state: "filed"; readonly filed: number; readonly before: number }
  | { readonly state: "failed"; readonly onFile: number; readonly total: number; readonly error: unknown };

/** By the identity of the patient in the files. */
export type ProgressByPatient = ReadonlyMap<string, Progress>;

/** A patient's files, and the account to which they are sealed. */
export interface Assigned {
  readonly patient: PatientFiles;
  readonly owner: string;
}

/** Seals and files, patient after patient. What fails is told at its patient, and the others go on; done again, it goes on where it ended. */
export function useFiling() {
  const person = usePerson();
  const { data: network, error: noNetwork } = useNetwork();
  const [progress, setProgress] = useState<ProgressByPatient>(new Map());
  const [isBusy, setBusy] = useState(false);
  const note = ({ identity }: PatientFiles, next: Progress) => setProgress((before) => new Map(before).set(identity, next));

  async function filePatient({ patient, owner }: Assigned): Promise<void> {
    const documents = patient.documents.map((document) => sealable(person.own, owner, document));
    const total = documents.length;
    let onFile = 0;
    note(patient, { state: "filing", onFile, total });
    try {
      if (!network) throw noNetwork ?? new Error("the network is not open yet");
      const { filed, alreadyFiled } = await fileDocuments(network.client, {
        ...authorOf(person),
        documents,
        onFiled: (ids) => {
          onFile += ids.length;
          note(patient, { state: "filing", onFile, total });
        },
      });
      note(patient, { state: "filed", filed: filed.length, before: alreadyFiled.length });
    } catch (error) {
      note(patient, { state: "failed", onFile, total, error });
    }
  }

  async function file(assigned: readonly Assigned[]): Promise<void> {
    setBusy(true);
    for (const one of assigned) if (progress.get(one.patient.identity)?.state !== "filed") await filePatient(one);
    setBusy(false);
  }

  return { progress, isBusy, file, reset: () => setProgress(new Map()) };
}

/** The id follows from the content and a secret of the house: the same document is filed once, and nobody else can guess the id. */
function sealable(own: OwnAccount, owner: string, { key, bundle, facts }: PatientFiles["documents"][number]): NewDocument {
  return {
    objectId: deriveObjectId(own.keys.compartmentKey, `${owner}/${key}`),
    plaintext: writeJson(bundle),
    owner,
    compartment: authorsLabel(own, owner, facts.compartment),
  };
}
