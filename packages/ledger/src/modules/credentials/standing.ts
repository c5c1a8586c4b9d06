import type { ReadContext } from "../../app/context.ts";
import { type CredentialType, issuableTypes } from "../governance/index.ts";
import type { Credential, Standing } from "./schema.ts";
import { credentials, unexpired } from "./state.ts";

type Reading = Pick<ReadContext, "state" | "time">;

/**
 * What a credential was worth at time `at`, by all that is known now: a change recorded later counts from its cause date on, and overrides
 * what was recorded before it. The issuer must have been registered for the type at that time; for times before it issued the credential,
 * which it vouches for, at the issuing.
 */
export function standingAt(ctx: Pick<ReadContext, "state">, credential: Credential, at: number): Standing {
  const { issuer, issuedAt, credentialType } = credential;
  const standing = standingByItself(credential, at);
  if (standing === "revoked" || standing === "suspended") return standing;
  return issuableTypes(ctx, issuer, Math.max(at, issuedAt)).includes(credentialType) ? standing : "issuer-removed";
}

/** The same as far as the credential itself tells: that its issuer was registered is the issuer register's to say. */
export function standingByItself({ validFrom, validUntil, changes }: Credential, at: number): Exclude<Standing, "issuer-removed"> {
  const last = changes.findLast((change) => change.from <= at)?.to;
  if (last === "revoked" || last === "suspended") return last;
  if (at < validFrom) return "not-yet-valid";
  return at < validUntil ? "valid" : "expired";
}

/** Whether the credential exists and was valid at time `at` (milliseconds since 1970; default: now). */
export function isValidAt(ctx: Reading, credentialId: string, at: number = ctx.time): boolean {
  const credential = credentials.get(ctx, credentialId);
  return credential !== undefined && standingAt(ctx, credential, at) === "valid";
}

/** A credential of the type that the holder had and that was valid at time `at` (default: now): the one of them that expires first. */
export function validCredential(
  ctx: Reading,
  holder: string,
  credentialType: CredentialType,
  at: number = ctx.time,
): Credential | undefined {
  for (const credential of unexpired(ctx, { holder, credentialType, at }))
    if (standingAt(ctx, credential, at) === "valid") return credential;
  return undefined;
}

/**
 * What the holder's best unexpired credential of the type is worth at time `at` (default: now): a valid one, else the one that expires first.
 * Undefined when there is none.
 */
export function bestStanding(ctx: Reading, holder: string, credentialType: CredentialType, at: number = ctx.time): Standing | undefined {
  const standings = [...unexpired(ctx, { holder, credentialType, at })].map((credential) => standingAt(ctx, credential, at));
  return standings.find((standing) => standing === "valid") ?? standings[0];
}
