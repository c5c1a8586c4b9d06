import { defineModule } from "../../app/define-module.ts";
import { errors } from "./errors.ts";
import { events } from "./events.ts";
import { invariants } from "./invariants.ts";
import { messages } from "./messages.ts";
import { queries } from "./queries.ts";
import { blobs, copies, deletions, grants, grantsOf, holders, log, objects, points, releases } from "./state.ts";

export type { Ask } from "./decision.ts";
export { logRequest } from "./handlers/request.ts";
export { sealObject } from "./handlers/seal.ts";
export { objectLabel, policyHash } from "./label.ts";
export { blobsOfObjects } from "./messages.ts";
export { type Policy, type Release, SealedObject, type VaultObject } from "./schema.ts";
export { mayFetch, objectOfBlob, objectOwner, releases } from "./state.ts";

const sequences = [grantsOf, log, holders, deletions].flatMap(({ entries, counts }) => [entries, counts]);

/** Sealed objects, who may read them, and the log of everybody who asked. */
export const vaultModule = defineModule({
  name: "vault",
  messages,
  queries,
  events,
  errors,
  collections: [objects, points, blobs, grants, releases, copies, ...sequences],
  invariants,
});
