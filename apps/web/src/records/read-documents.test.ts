import { MAX_FILE_BYTES } from "@galen/gateway/fhir/read-json";
import type { ListedDocument } from "@galen/sdk/records/owned-documents";
import type { GrantedReading } from "@galen/sdk/records/read-granted";
import type { KnownObject } from "@galen/sdk/records/sealed-object";
import { SealError } from "@galen/sdk/seal/seal-error";
import { expect, it } from "vitest";
import { readDocuments } from "./read-documents.ts";

const listed = (objectId: string, author: string) =>
  ({ objectId, number: 0, author, relation: { kind: "none" } }) as unknown as ListedDocument;
const objectOf = (objectId: string) => ({ objectId, policy: { compartment: "ab" } }) as unknown as KnownObject;
const opened = (objectId: string, text: string) => ({ object: objectOf(objectId), plaintext: new TextEncoder().encode(text) });
const bundle = (id: string) =>
  `{"resourceType":"Bundle","type":"collection","entry":[{"resource":{"resourceType":"Patient","id":"${id}"}}]}`;

it("leaves out what does not open, counts it, and gives every other document the author that filed it", async () => {
  const documents = [listed("1", "ann"), listed("2", "bea"), listed("3", "cleo"), listed("4", "dora")];
  const read = await readDocuments(documents, async ({ onUnreadable, maxSizeBytes }): Promise<GrantedReading> => {
    expect(maxSizeBytes).toBe(MAX_FILE_BYTES);
    onUnreadable({ object: objectOf("1"), error: new SealError("CiphertextRefused", "altered") });
    return { releaseIds: ["r"], failures: [], opened: [opened("2", bundle("two")), opened("3", "no bundle"), opened("4", bundle("four"))] };
  });
  expect(read.documents.map(({ objectId, author }) => [objectId, author])).toEqual([
    ["2", "bea"],
    ["4", "dora"],
  ]);
  expect([read.unreadable, read.releaseIds]).toEqual([["ab", "ab"], ["r"]]);
});
