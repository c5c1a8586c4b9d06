import type { Invariant } from "../../app/define-module.ts";
import { blobs, copies, grants, grantsOf, holders, log, objects, points, releases } from "./state.ts";

/** Each walks everything: for audits in tests, never for a handler. */
export const invariants: Readonly<Record<string, Invariant>> = {
  "every object has three blobs and a point that belong to it alone": (audit) => {
    for (const [objectId, { ciphertext, ownerCapsule, collectiveCapsule, capsulePoint }] of audit.all(objects)) {
      const addresses = new Set([ciphertext, ownerCapsule, collectiveCapsule]);
      const isOwn = [...addresses].every((address) => blobs.get(audit, address)?.objectId === objectId);
      if (addresses.size !== 3 || !isOwn) throw new Error(`a blob of ${objectId} is another's`);
      if (points.get(audit, capsulePoint)?.objectId !== objectId) throw new Error(`the point of ${objectId} is another's`);
    }
  },
  "reads left run from the limit down to zero, one for each release": (audit) => {
    const used = new Map<string, number>();
    for (const [, { grantId, outcome }] of audit.all(releases)) {
      if (outcome.kind === "released" && outcome.under === "grant") used.set(grantId!, (used.get(grantId!) ?? 0) + 1);
    }
    for (const [grantId, { reads, readsLeft }] of audit.all(grants)) {
      if (readsLeft !== (reads === undefined ? undefined : reads - (used.get(grantId) ?? 0))) throw new Error(`${grantId} counts wrong`);
    }
  },
  "a release under a grant was asked by its terms while it was in force": (audit) => {
    for (const [releaseId, { outcome, grantId, owner, purpose, at }] of audit.all(releases)) {
      if (outcome.kind === "refused" || outcome.under !== "grant") continue;
      const grant = grants.get(audit, grantId!);
      const inForce = grant && at >= grant.from && at < grant.until && at <= (grant.revokedAt ?? at);
      if (!inForce || grant.owner !== owner || !grant.purposes.includes(purpose)) throw new Error(`${releaseId} has no ground`);
    }
  },
  "every release stands in its owner's log, its points are used, and its reader is a holder": (audit) => {
    for (const [releaseId, { number, owner, reader, objects: asked, outcome }] of audit.all(releases)) {
      if (log.entries.get(audit, owner, number)?.releaseId !== releaseId) throw new Error(`${releaseId} is missing in the log`);
      if (!asked.every(({ objectId, requestPoint }) => points.get(audit, requestPoint)?.objectId === objectId))
        throw new Error(`${releaseId} left a point`);
      const holds =
        outcome.kind === "refused" || outcome.under === "owner" || asked.every(({ objectId }) => copies.has(audit, objectId, reader));
      if (!holds) throw new Error(`${releaseId} left no copy`);
    }
  },
  "an owner's log and list of grants have no gaps": (audit) => {
    for (const [owner, { count }] of audit.all(log.counts)) {
      const isWhole = log.newestFirst(audit, owner, { limit: count }).every(({ value }) => releases.has(audit, value.releaseId));
      if (!isWhole || log.entries.has(audit, owner, count)) throw new Error(`the log of ${owner} has a gap`);
    }
    const listed = [...audit.all(grantsOf.counts)].flatMap(([owner, { count }]) =>
      grantsOf.newestFirst(audit, owner, { limit: count }).map(({ value: { grantId } }) => ({ owner, grantId })),
    );
    const known = [...audit.all(grants)].length;
    const isOwn = listed.every(({ owner, grantId }) => grants.get(audit, grantId)?.owner === owner);
    if (!isOwn || listed.length !== known || new Set(listed.map(({ grantId }) => grantId)).size !== known)
      throw new Error("the lists of grants are not those of their owners");
  },
  "the holders of an object are those with a copy": (audit) => {
    const listed = [...audit.all(holders.counts)].flatMap(([objectId, { count }]) =>
      holders.newestFirst(audit, objectId, { limit: count }).map(({ value: { holder } }) => `${objectId}/${holder}`),
    );
    const held = new Set([...audit.all(copies)].map(([key]) => key));
    const isEach = listed.length === held.size && new Set(listed).size === held.size;
    if (!isEach || !listed.every((key) => held.has(key))) throw new Error("the lists of holders differ from the copies");
  },
};
