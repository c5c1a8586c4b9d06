import { describeDocument } from "@galen/gateway/fhir/document-facts";
import { MAX_FILE_BYTES } from "@galen/gateway/fhir/read-json";
import { contentsOf, type OnUnreadableRecord } from "@galen/gateway/reading/owned-records";
import type { ListedDocument } from "@galen/sdk/records/owned-documents";
import type { GrantedReading, ReadingOptions } from "@galen/sdk/records/read-granted";
import type { ChartDocument } from "../chart/chart.ts";
import { statementOf } from "./statement-of.ts";

/** What a reading has opened. */
export interface OpenedDocuments {
  readonly documents: readonly (ChartDocument & { readonly label: string })[];
  /** The label of each document that was released and does not open, or is none of FHIR. */
  readonly unreadable: readonly string[];
  readonly releaseIds: readonly string[];
}

/** What every reading of FHIR documents asks for, whatever its right. */
export type DocumentReading = Required<Pick<ReadingOptions, "onUnreadable" | "maxSizeBytes">>;

/** Reads somebody else's documents, of which `listed` tells who filed them. Rejects as `read` does. */
export async function readDocuments(
  listed: readonly ListedDocument[],
  read: (reading: DocumentReading) => Promise<GrantedReading>,
): Promise<OpenedDocuments> {
  const unreadable: string[] = [];
  const note: OnUnreadableRecord = ({ object }) => unreadable.push(object.policy.compartment);
  const { opened, releaseIds } = await read({ onUnreadable: note, maxSizeBytes: MAX_FILE_BYTES });
  const filed = new Map(listed.map((document) => [document.objectId, document]));
  const documents = contentsOf(opened, note).map(({ object: { objectId, policy }, content }) => {
    const { title, period, compartment } = describeDocument(content);
    const { author = "", organisation, relation = { kind: "none" } as const } = filed.get(objectId) ?? {};
    const facts = { objectId, title, day: period?.start, compartment, label: policy.compartment, author, organisation };
    return { ...facts, ...statementOf(relation), content };
  });
  return { documents, unreadable, releaseIds };
}
