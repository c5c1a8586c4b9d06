import { type Static, Type } from "typebox";
import { AccountId, BlockTime, Integer, List, ObjectId } from "../../schema/types.ts";
import { SealedObject } from "../vault/index.ts";

/** Documents of one message: with their proofs and receipts they stay below the 64 KiB of a transaction. */
export const MAX_DOCUMENTS = 32;
/** What one answer lists. */
export const MAX_PAGE = 100;

/** How a document stands to an earlier one of the same owner. Nothing is overwritten: both stay, and both are shown. */
const Relation = Type.Union([
  Type.Object({ kind: Type.Literal("none") }),
  Type.Object({ kind: Type.Literal("replaces"), objectId: ObjectId }),
  Type.Object({ kind: Type.Literal("corrects"), objectId: ObjectId }),
  Type.Object({ kind: Type.Literal("statementOn"), objectId: ObjectId }),
]);
export type Relation = Static<typeof Relation>;

const NewDocument = Type.Object({ object: SealedObject, relation: Relation });

export const Add = Type.Object({
  organisation: Type.Optional(AccountId),
  documents: List(NewDocument, { minItems: 1, maxItems: MAX_DOCUMENTS }),
});

/** A document: a sealed object of the vault with its place in the owner's records. */
export const Document = Type.Object({
  owner: AccountId,
  author: AccountId,
  organisation: Type.Optional(AccountId),
  relation: Relation,
  number: Integer(0, Number.MAX_SAFE_INTEGER, { description: "place in the owner's records, from 0" }),
  createdAt: BlockTime,
});
export type Document = Static<typeof Document>;

export const DocumentReference = Type.Object({ objectId: ObjectId });
export const ListedDocument = Type.Object({ objectId: ObjectId, ...Document.properties });
