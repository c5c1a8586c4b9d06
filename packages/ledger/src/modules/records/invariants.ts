import type { Invariant } from "../../app/define-module.ts";
import { objectOwner } from "../vault/index.ts";
import { documents, ofOwner, referring } from "./state.ts";

/** Each walks everything: for audits in tests, never for a handler. */
export const invariants: Readonly<Record<string, Invariant>> = {
  "every document is a sealed object of its owner, at its place in the owner's records": (audit) => {
    const all = [...audit.all(documents)];
    for (const [objectId, { owner, number }] of all) {
      if (objectOwner(audit, objectId) !== owner) throw new Error(`${objectId} is not sealed for its owner`);
      if (ofOwner.entries.get(audit, owner, number)?.objectId !== objectId) throw new Error(`${objectId} is not at its place`);
    }
    const listed = [...audit.all(ofOwner.counts)].reduce((sum, [, { count }]) => sum + count, 0);
    if (listed !== all.length) throw new Error(`${listed} documents are listed, ${all.length} exist`);
  },
  "a document refers to an earlier one of the same owner, which lists it": (audit) => {
    let referrers = 0;
    for (const [objectId, { relation, owner, number }] of audit.all(documents)) {
      if (relation.kind === "none") continue;
      referrers += 1;
      const target = documents.get(audit, relation.objectId);
      if (target?.owner !== owner || target.number >= number) throw new Error(`${objectId} refers to nothing before it`);
    }
    const listed = [...audit.all(referring.counts)].flatMap(([target, { count }]) =>
      referring.newestFirst(audit, target, { limit: count }).map(({ value: { objectId } }) => ({ target, objectId })),
    );
    for (const { target, objectId } of listed) {
      const relation = documents.get(audit, objectId)?.relation;
      if (!relation || relation.kind === "none" || relation.objectId !== target) throw new Error(`${objectId} does not refer to ${target}`);
    }
    if (listed.length !== referrers || new Set(listed.map(({ objectId }) => objectId)).size !== referrers)
      throw new Error(`${listed.length} referring documents are listed, ${referrers} exist`);
  },
};
