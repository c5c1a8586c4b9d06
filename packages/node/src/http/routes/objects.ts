import { errors as vaultErrors } from "@galen/ledger/modules/vault/errors";
import { mayFetch, objects } from "@galen/ledger/modules/vault/state";
import { List, ObjectId, OneOf } from "@galen/ledger/schema/types";
import { FRAMES_TYPE, writeFrames } from "@galen/sdk/client/frames";
import type { Backend } from "../../backend.ts";
import { errors } from "../api-error.ts";
import { required } from "../fields.ts";
import { defineRoute } from "../route.ts";

const MAX_OBJECTS = 256;
/** What one answer holds in memory. */
const MAX_ANSWER_BYTES = 67_108_864;

type Part = "ciphertext" | "ownerCapsule" | "collectiveCapsule";

const fetchObjects = defineRoute({
  method: "POST",
  path: "/v1/objects/fetch",
  summary: "Fetch ciphertexts and capsules of objects that the account owns or has a release for, object by object.",
  auth: "account",
  body: {
    type: "application/json",
    maxBytes: 65_536,
    fields: {
      objectIds: required(List(ObjectId, { minItems: 1, maxItems: MAX_OBJECTS })),
      parts: required(List(OneOf("ciphertext", "ownerCapsule", "collectiveCapsule"), { minItems: 1, maxItems: 3 })),
    },
  },
  answers: { 200: "frames: the parts of the first object in the order asked for, then those of the next" },
  async handle(backend, { account, fields: { objectIds, parts } }) {
    const addresses = objectIds.flatMap((objectId) => addressesFor(backend, account!, objectId, parts));
    const frames: Uint8Array[] = [];
    let size = 0;
    for (const address of addresses) {
      const blob = await backend.healer.get(address);
      size += blob.length;
      if (size > MAX_ANSWER_BYTES) throw errors.AnswerTooLarge({ maxBytes: MAX_ANSWER_BYTES });
      frames.push(blob);
    }
    return { type: FRAMES_TYPE, body: writeFrames(frames) };
  },
});

/** Where the parts of an object are, if the account may have them. */
function addressesFor({ ledger }: Backend, account: string, objectId: string, parts: readonly Part[]): string[] {
  const ctx = ledger.read();
  const object = objects.get(ctx, objectId);
  // An unknown object and a foreign one look alike: ids are no way to ask what exists.
  if (!object) throw errors.Forbidden({ objectId });
  if (object.erasedAt !== undefined) throw vaultErrors.ObjectErased({ objectId });
  const isForeignCapsule = parts.includes("ownerCapsule") && object.owner !== account;
  if (isForeignCapsule || !mayFetch(ctx, account, objectId)) throw errors.Forbidden({ objectId });
  return parts.map((part) => object[part]);
}

export const objectRoutes = [fetchObjects];
