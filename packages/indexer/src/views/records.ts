import type { added } from "@galen/ledger/modules/records/events";
import type { Writer } from "../database.ts";
import type { View } from "./view.ts";

type Added = Parameters<typeof added>[0];

/** Documents of an owner. The vault's view, which runs before, has noted the sealed object. */
export const recordsView: View = {
  async "records.added"(writer: Writer, document: Added) {
    const { relation } = document;
    const object = await writer.selectFrom("objects").selectAll().where("object_id", "=", document.objectId).executeTakeFirstOrThrow();
    await writer
      .insertInto("documents")
      .values({
        ...object,
        owner: document.owner,
        number: document.number,
        author: document.author,
        organisation: document.organisation ?? null,
        relation: relation.kind,
        related_object: relation.kind === "none" ? null : relation.objectId,
        created_at: document.createdAt,
      })
      .execute();
  },
};
