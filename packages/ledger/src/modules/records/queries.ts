import { Type } from "typebox";
import type { ReadContext } from "../../app/context.ts";
import { defineQuery } from "../../app/define-module.ts";
import { AccountId, Integer, List } from "../../schema/types.ts";
import { errors } from "./errors.ts";
import { type Document, DocumentReference, ListedDocument, MAX_PAGE } from "./schema.ts";
import { documents, ofOwner, referring } from "./state.ts";

const Count = Integer(0, Number.MAX_SAFE_INTEGER);

export const queries = [
  defineQuery({
    name: "records.document",
    summary: "A document: owner, author and how it stands to earlier ones.",
    parameters: DocumentReference,
    result: ListedDocument,
    run: (ctx, { objectId }) => ({ objectId, ...requireDocument(ctx, objectId) }),
  }),
  defineQuery({
    name: "records.ofOwner",
    summary: "The documents of an owner, newest first.",
    parameters: Type.Object({ owner: AccountId, before: Type.Optional(Count), limit: Integer(1, MAX_PAGE) }),
    result: Type.Object({ total: Count, documents: List(ListedDocument, { maxItems: MAX_PAGE }) }),
    run: (ctx, { owner, ...page }) => ({
      total: ofOwner.count(ctx, owner),
      documents: ofOwner.newestFirst(ctx, owner, page).map(({ value: { objectId } }) => ({ objectId, ...documents.get(ctx, objectId)! })),
    }),
  }),
  defineQuery({
    name: "records.history",
    summary: "A document with all that it goes back to and all that refers to it, oldest first; the first 100.",
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

/** Relations point to earlier documents, so they form a tree: up to the first one, then all that refers to it, breadth first. */
function historyOf(ctx: Pick<ReadContext, "state">, objectId: string): Listed[] {
  let first: Listed = { objectId, ...requireDocument(ctx, objectId) };
  for (let steps = 0; steps < MAX_PAGE && first.relation.kind !== "none"; steps++) {
    first = { objectId: first.relation.objectId, ...documents.get(ctx, first.relation.objectId)! };
  }
  const found = [first];
  for (let at = 0; at < found.length && found.length < MAX_PAGE; at++) {
    const { objectId: target } = found[at]!;
    const room = MAX_PAGE - found.length;
    const referrers = referring.newestFirst(ctx, target, { limit: Math.min(room, referring.count(ctx, target)) }).reverse();
    found.push(...referrers.map(({ value }) => ({ objectId: value.objectId, ...documents.get(ctx, value.objectId)! })));
  }
  return found.sort((a, b) => a.number - b.number);
}
