import { defineCollection, defineOrderedCollection } from "../../app/collection.ts";
import type { ReadContext } from "../../app/context.ts";
import type { CredentialType } from "../governance/index.ts";
import { Credential, HeldCredential } from "./schema.ts";

/** `credentials/records/<credential>` -> Credential */
export const credentials = defineCollection<[credentialId: string], typeof Credential>("credentials/records", Credential);
/** `credentials/held/<holder>/<type>/<validUntil>/<credential>` -> HeldCredential: what a holder has, the first to expire first. */
export const held = defineOrderedCollection<
  [holder: string, credentialType: CredentialType, validUntil: number, credentialId: string],
  typeof HeldCredential
>("credentials/held", HeldCredential);

/** At most this many are looked through, so that an answer about the past stays bounded too. */
const MAX_LOOK_BACK = 1_000;

/** The credentials of a type that a holder had and that expire after `at`, standing aside; the first to expire first. */
export function* unexpired(ctx: Pick<ReadContext, "state">, { holder, credentialType, at }: Asked): Iterable<Credential> {
  const walk = held.entries(ctx, { within: [holder, credentialType], from: at + 1, limit: MAX_LOOK_BACK });
  for (const [, { credentialId }] of walk) yield credentials.get(ctx, credentialId)!;
}

interface Asked {
  readonly holder: string;
  readonly credentialType: CredentialType;
  /** Milliseconds since 1970. */
  readonly at: number;
}
