import { defineMessage } from "../../app/define-module.ts";
import { attestDeletion, attestDestruction, erase } from "./handlers/erasure.ts";
import { grant, revoke } from "./handlers/grants.ts";
import { request } from "./handlers/request.ts";
import { rewrap, seal } from "./handlers/seal.ts";
import {
  AttestDeletion,
  AttestDestruction,
  Erase,
  GrantMessage,
  GrantReference,
  Request,
  Rewrap,
  Seal,
  type SealedObject,
} from "./schema.ts";

/** The blobs of sealed objects, in the order in which storage receipts cover them. */
export function blobsOfObjects(objects: readonly SealedObject[]): string[] {
  return objects.flatMap(({ ciphertext, ownerCapsule, collectiveCapsule }) => [ciphertext, ownerCapsule, collectiveCapsule]);
}

export const messages = [
  defineMessage({
    type: "vault.seal",
    summary: "Keep own sealed objects in the vault.",
    schema: Seal,
    handle: seal,
    blobs: ({ objects }) => blobsOfObjects(objects),
  }),
  defineMessage({
    type: "vault.grant",
    summary: "Let a person, an organisation or a role read sealed objects for stated purposes.",
    schema: GrantMessage,
    handle: grant,
  }),
  defineMessage({
    type: "vault.revoke",
    summary: "End a grant at once.",
    schema: GrantReference,
    handle: revoke,
  }),
  defineMessage({
    type: "vault.request",
    summary: "Ask for the keys of sealed objects; the request is logged for their owner, granted or not.",
    schema: Request,
    handle: request,
  }),
  defineMessage({
    type: "vault.rewrap",
    summary: "Replace own capsules after a recovery, so that the new record key opens the objects.",
    schema: Rewrap,
    handle: rewrap,
    blobs: ({ objects }) => objects.map(({ ownerCapsule }) => ownerCapsule),
  }),
  defineMessage({
    type: "vault.erase",
    summary: "Erase sealed objects: nodes delete them, holders of copies must destroy them.",
    schema: Erase,
    handle: erase,
  }),
  defineMessage({
    type: "vault.attestDestruction",
    summary: "State, as a reader, that the own copies of objects are destroyed.",
    schema: AttestDestruction,
    handle: attestDestruction,
  }),
  defineMessage({
    type: "vault.attestDeletion",
    summary: "State, as a member of the alliance, that its nodes have deleted erased objects.",
    schema: AttestDeletion,
    handle: attestDeletion,
  }),
];
