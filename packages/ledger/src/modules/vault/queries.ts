import { Type } from "typebox";
import { defineQuery } from "../../app/define-module.ts";
import { AccountId, BlockTime, Integer, List, ObjectId } from "../../schema/types.ts";
import { errors } from "./errors.ts";
import {
  Copy,
  DESTRUCTION_PERIOD_MS,
  Deletion,
  Grant,
  GrantReference,
  MAX_PAGE,
  ObjectReference,
  Release,
  ReleaseReference,
  VaultObject,
} from "./schema.ts";
import { copies, deletions, grants, grantsOf, holders, log, releases, requireObject } from "./state.ts";

const Count = Integer(0, Number.MAX_SAFE_INTEGER);
/** Which part of a list, newest first: entries with a number below `before`. */
const page = { before: Type.Optional(Count), limit: Integer(1, MAX_PAGE) };
const Late = Type.Boolean({ description: "not destroyed when it was due" });

export const objectQuery = defineQuery({
  name: "vault.object",
  summary: "A sealed object: owner, author, policy and the addresses of its blobs.",
  parameters: ObjectReference,
  result: VaultObject,
  run: (ctx, { objectId }) => requireObject(ctx, objectId),
});

export const queries = [
  objectQuery,
  defineQuery({
    name: "vault.grant",
    summary: "A grant, with the reads that are left.",
    parameters: GrantReference,
    result: Grant,
    run(ctx, { grantId }) {
      const grant = grants.get(ctx, grantId);
      if (!grant) throw errors.UnknownGrant({ grantId });
      return grant;
    },
  }),
  defineQuery({
    name: "vault.grantsOf",
    summary: "The grants of an owner, newest first.",
    parameters: Type.Object({ owner: AccountId, ...page }),
    result: Type.Object({
      total: Count,
      grants: List(Type.Object({ number: Count, ...GrantReference.properties, ...Grant.properties }), { maxItems: MAX_PAGE }),
    }),
    run: (ctx, { owner, ...page }) => ({
      total: grantsOf.count(ctx, owner),
      grants: grantsOf
        .newestFirst(ctx, owner, page)
        .map(({ number, value: { grantId } }) => ({ number, grantId, ...grants.get(ctx, grantId)! })),
    }),
  }),
  defineQuery({
    name: "vault.release",
    summary: "A request for sealed objects and what became of it.",
    parameters: ReleaseReference,
    result: Release,
    run(ctx, { releaseId }) {
      const release = releases.get(ctx, releaseId);
      if (!release) throw errors.UnknownRelease({ releaseId });
      return release;
    },
  }),
  defineQuery({
    name: "vault.releasesOf",
    summary: "Who asked to read an owner's objects, newest first, granted or refused.",
    parameters: Type.Object({ owner: AccountId, ...page }),
    result: Type.Object({
      total: Count,
      releases: List(Type.Object({ ...ReleaseReference.properties, ...Release.properties }), { maxItems: MAX_PAGE }),
    }),
    run: (ctx, { owner, ...page }) => ({
      total: log.count(ctx, owner),
      releases: log.newestFirst(ctx, owner, page).map(({ value: { releaseId } }) => ({ releaseId, ...releases.get(ctx, releaseId)! })),
    }),
  }),
  defineQuery({
    name: "vault.copies",
    summary: "Who may hold an object besides its owner, and whose destruction of it is due or late.",
    parameters: Type.Object({ objectId: ObjectId, ...page }),
    result: Type.Object({
      total: Count,
      dueAt: Type.Optional(BlockTime),
      copies: List(Type.Object({ number: Count, ...Copy.properties, late: Late }), { maxItems: MAX_PAGE }),
      deletions: List(Type.Object({ ...Deletion.properties, late: Late }), { maxItems: MAX_PAGE }),
    }),
    run(ctx, { objectId, ...page }) {
      const { erasedAt } = requireObject(ctx, objectId);
      const dueAt = erasedAt === undefined ? undefined : erasedAt + DESTRUCTION_PERIOD_MS;
      const isLate = (doneAt = ctx.time) => dueAt !== undefined && doneAt > dueAt;
      const held = holders.newestFirst(ctx, objectId, page).map(({ number, value: { holder } }) => {
        const copy = copies.get(ctx, objectId, holder)!;
        return { number, ...copy, late: isLate(copy.destroyedAt) };
      });
      const deleted = deletions
        .newestFirst(ctx, objectId, { limit: MAX_PAGE })
        .map(({ value }) => ({ ...value, late: isLate(value.deletedAt) }));
      return { total: holders.count(ctx, objectId), ...(dueAt === undefined ? {} : { dueAt }), copies: held, deletions: deleted };
    },
  }),
];
