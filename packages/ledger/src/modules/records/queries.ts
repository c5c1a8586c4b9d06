import { Type } from "typebox";
import type { ReadContext } from "../../app/context.ts";
import { defineQuery } from "../../app/define-module.ts";
import { AccountId, Integer, List } from "../../schema/types.ts";
import { errors } from "./errors.ts";
import { type Document, DocumentReference, ListedDocument, MAX_PAGE } from "./schema.ts";
import { documents, ofOwner, referring } from "./state.ts";

const Count = Integer(0, Number.MAX_SAFE_INTEGER);

export const ofOwnerQuery = defineQuery({
  name: "records.ofOwner",
  summary: "The documents of an owner, newest first.",
  parameters: Type.Object({ owner: AccountId, before: Type.Optional(Count), limit: Integer(1, MAX_PAGE) }),
  result: Type.Object({ total: Count, documents: List(ListedDocument, { maxItems: MAX_PAGE }) }),
  run: (ctx, { owner, ...page }) => ({
    total: ofOwner.count(ctx, owner),
    documents: ofOwner.newestFirst(ctx, owner, page).map(({ value: { objectId } }) => ({ objectId, ...requireDocument(ctx, objectId) })),
  }),
});

export const queries = [
  defineQuery({
    name: "records.document",
    summary: "A document: owner, author and how it stands to earlier ones.",
    parameters: DocumentReference,
    result: ListedDocument,
    run: (ctx, { objectId }) => ({ objectId, ...requireDocument(ctx, objectId) }),
  }),
  ofOwnerQuery,
  defineQuery({
    name: "records.history",
    summary: "A document with what it goes back to and what refers to any of them, oldest first, at most 100.",
    parameters: DocumentReference,
    result: Type.Object({ documents: List(ListedDocument, { maxItems: MAX_PAGE }) }),
    run: (ctx, { objectId }) => ({ documents: historyOf(ctx, objectId) }),
  }),
];

function requireDocument(ctx: Pick<ReadContext, "state">, objectId: string): Document {
  const document = documents.get(ctx, objectId);
  if (!document) throw errors.UnknownDocument({ objectId });
  return document;
}

type Listed = Document & { readonly objectId: string };

/** The document and all that it goes back to, then, as far as there is room, what refers to any of them. */
function historyOf(ctx: Pick<ReadContext, "state">, objectId: string): Listed[] {
  const found = new Map<string, Listed>();
  for (let id: string | undefined = objectId; id !== undefined && found.size < MAX_PAGE; ) {
    const document = requireDocument(ctx, id);
    found.set(id, { objectId: id, ...document });
    id = document.relation.kind === "none" ? undefined : document.relation.objectId;
  }
  // What is found on the way is walked, too.
  for (const target of found.keys()) {
    for (const { value } of referring.newestFirst(ctx, target, { limit: MAX_PAGE })) {
      if (found.size < MAX_PAGE) found.set(value.objectId, { objectId: value.objectId, ...requireDocument(ctx, value.objectId) });
    }
  }
  return [...found.values()].sort((a, b) => a.number - b.number);
}
