import { Readable } from "node:stream";
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
/** What the connection is handed at once, when it has room. */
const PIECE_BYTES = 65_536;

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
  async handle(backend, { account, address, fields: { objectIds, parts } }) {
    const repeated = firstRepeated(objectIds);
    if (repeated !== undefined) throw vaultErrors.RepeatedObject({ objectId: repeated });
    if (firstRepeated(parts) !== undefined) throw errors.InvalidField({ field: "parts", reason: "names a part twice" });
    const addresses = objectIds.flatMap((objectId) => addressesFor(backend, account!, objectId, parts));
    const sizes = await Promise.all(addresses.map(backend.blobs.sizeBytes));
    const mostBytes = sizes.reduce((sum, size) => sum + size, 0);
    const giveBack = backend.answers.take(address, Math.min(mostBytes, MAX_ANSWER_BYTES));
    try {
      const bytes = writeFrames(await readAll(backend, addresses));
      const headers = { "content-length": `${bytes.length}` };
      return { type: FRAMES_TYPE, headers, body: Readable.from(piecesOf(bytes)).once("close", giveBack) };
    } catch (error) {
      giveBack();
      throw error;
    }
  },
});

function firstRepeated(names: readonly string[]): string | undefined {
  return names.find((name, index) => names.indexOf(name) < index);
}

/** All of them before the answer begins: a blob that nobody has is a refusal, and no answer that breaks off. */
async function readAll({ healer }: Backend, addresses: readonly string[]): Promise<Uint8Array[]> {
  const blobs: Uint8Array[] = [];
  let size = 0;
  for (const address of addresses) {
    const blob = await healer.get(address);
    size += blob.length;
    if (size > MAX_ANSWER_BYTES) throw errors.AnswerTooLarge({ maxBytes: MAX_ANSWER_BYTES });
    blobs.push(blob);
  }
  return blobs;
}

/** Copies: the last ones, which may wait long for a client that does not read, must not keep the whole in memory. */
function* piecesOf(bytes: Uint8Array): Iterable<Uint8Array> {
  for (let at = 0; at < bytes.length; at += PIECE_BYTES) yield bytes.slice(at, at + PIECE_BYTES);
}

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
