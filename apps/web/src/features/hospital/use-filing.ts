import type { Compartment } from "@galen/gateway/fhir/compartment";
import { fileDocuments } from "@galen/sdk/records/file-documents";
import { deriveObjectId } from "@galen/sdk/records/object-id";
import type { NewDocument } from "@galen/sdk/records/seal-document";
import type { OwnAccount } from "@galen/sdk/transactions/own-account";
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import type { CodeContent } from "../../keys/code-link.ts";
import { useNames } from "../../keys/names.ts";
import { usePerson } from "../../keys/person.ts";
import { rememberSigned } from "../../keys/remember.ts";
import { requireNetwork } from "../../network/network.tsx";
import { authorOf, authorsLabel } from "../../records/author.ts";
import { isInDoubt } from "../../signing/in-doubt.ts";
import { NotSignedError, useAskForAll } from "../../signing/signing.tsx";
import { createGathering } from "./gathering.ts";
import type { PatientFiles } from "./read-files.ts";

/** How far the documents of one patient are. */
export type Progress =
  | { readonly state: "filing"; readonly onFile: number; readonly total: number }
  | { readonly state: "filed"; readonly filed: number; readonly before: number; readonly erased: number }
  | Failed;

interface Failed {
  readonly state: "failed";
  readonly onFile: number;
  readonly total: number;
  /** Some documents are on file for the account, or were sent without an answer: the others belong beside them. */
  readonly mayBeOnFile: boolean;
  readonly error: unknown;
}

/** By the identity of the patient in the files. */
export type ProgressByPatient = ReadonlyMap<string, Progress>;

/** Labels of areas by their names. */
export type Labels = ReadonlyMap<Compartment, string>;

/** To whom the documents are sealed, by the identity of the patient in the files; with the name of the code by which somebody was met. */
export type Owners = ReadonlyMap<string, CodeContent>;

/** A patient's files, and the account to which they are sealed. */
export interface Assigned {
  readonly patient: PatientFiles;
  readonly owner: CodeContent;
  /** The patient's own labels of areas, where the account was opened here just now. */
  readonly labels: Labels | undefined;
}

/** Patients whose documents are sealed side by side: one sheet tells what is signed for them, and their sealed bytes are in memory until then. */
const PATIENTS_AT_ONCE = 8;

/** Seals, shows what will be signed, and files. What fails is told at its patient, and the others go on; done again, it goes on where it ended. */
export function useFiling() {
  const person = usePerson();
  const names = useNames();
  const queries = useQueryClient();
  const askForAll = useAskForAll();
  const [progress, setProgress] = useState<ProgressByPatient>(new Map());
  const [isBusy, setBusy] = useState(false);
  const note = ({ identity }: PatientFiles, next: Progress | undefined) => setProgress((before) => withProgress(before, identity, next));

  /** Whether to go on with the next ones. */
  async function filePatient({ patient, owner, labels }: Assigned, agree: (body: Uint8Array) => Promise<void>): Promise<boolean> {
    const documents = patient.documents.map((document) => sealable(person.own, { owner: owner.account, labels }, document));
    const total = documents.length;
    const before = progress.get(patient.identity);
    const tried = before?.state === "failed" ? before : undefined;
    let onFile = tried?.onFile ?? 0;
    note(patient, { state: "filing", onFile, total });
    try {
      const { client } = await requireNetwork();
      const { filed, alreadyFiled, erased } = await fileDocuments(client, {
        ...authorOf(person),
        documents,
        beforeSigning: agree,
        onFiled: (ids) => {
          onFile += ids.length;
          note(patient, { state: "filing", onFile, total });
        },
      });
      await rememberSigned([owner], names, "patient");
      note(patient, { state: "filed", filed: filed.length, before: alreadyFiled.length, erased: erased.length });
      return true;
    } catch (error) {
      const isRefused = error instanceof NotSignedError;
      const mayBeOnFile = onFile > 0 || tried?.mayBeOnFile === true || isInDoubt(error);
      note(patient, isRefused && !mayBeOnFile ? undefined : { state: "failed", onFile, total, mayBeOnFile, error });
      return !isRefused;
    }
  }

  async function file(assigned: readonly Assigned[]): Promise<void> {
    setBusy(true);
    const open = assigned.filter(({ patient }) => progress.get(patient.identity)?.state !== "filed");
    for (let at = 0; at < open.length; at += PATIENTS_AT_ONCE) {
      const some = open.slice(at, at + PATIENTS_AT_ONCE);
      const gathering = createGathering(askForAll((id) => some.find(({ owner }) => owner.account === id)?.owner.name || undefined));
      const goesOn = await Promise.all(some.map((one) => gathering.run((agree) => filePatient(one, agree))));
      if (goesOn.includes(false)) break;
    }
    await queries.invalidateQueries({ queryKey: ["names"] });
    setBusy(false);
  }

  return { progress, isBusy, file, leaveOut: (patient: PatientFiles) => note(patient, undefined), reset: () => setProgress(new Map()) };
}

function withProgress(before: ProgressByPatient, identity: string, next: Progress | undefined): ProgressByPatient {
  const after = new Map(before);
  if (next) after.set(identity, next);
  else after.delete(identity);
  return after;
}

/** The id follows from the content and a secret of the house: the same document is filed once, and nobody else can guess the id. */
function sealable(
  own: OwnAccount,
  { owner, labels }: Pick<Assigned, "labels"> & { readonly owner: string },
  { key, plaintext, facts }: PatientFiles["documents"][number],
): NewDocument {
  return {
    objectId: deriveObjectId(own.keys.compartmentKey, `${owner}/${key}`),
    plaintext,
    owner,
    compartment: labels?.get(facts.compartment) ?? authorsLabel(own, owner, facts.compartment),
  };
}
