import type { Static } from "typebox";
import type { Context } from "../../app/context.ts";
import { requireAccount } from "../accounts/index.ts";
import { issuableTypes } from "../governance/index.ts";
import { errors } from "./errors.ts";
import { issued, reinstated, revoked, suspended } from "./events.ts";
import {
  type Change,
  type ChangeCredential,
  type Credential,
  type CredentialReference,
  type IssueCredential,
  MAX_CHANGES,
  MAX_HELD,
} from "./schema.ts";
import { credentials, held, unexpired } from "./state.ts";

/** `credentials.issue`: the first signer is the issuer. */
export function issue(ctx: Context, message: Static<typeof IssueCredential>): void {
  const { credentialId, holder, credentialType, validFrom, validUntil } = message;
  const issuer = ctx.signer;
  if (!issuableTypes(ctx, issuer, ctx.time).includes(credentialType)) throw errors.NotRegistered({ issuer, credentialType });
  requireAccount(ctx, holder);
  if (credentials.has(ctx, credentialId)) throw errors.AlreadyIssued({ credentialId });
  if (validUntil <= validFrom) throw errors.EndsBeforeStart({ validFrom, validUntil });
  if (validUntil <= ctx.time) throw errors.ExpiryInPast({ validUntil });
  if (countHeld(ctx, message) >= MAX_HELD) throw errors.TooManyHeld({ holder, credentialType });

  credentials.set(ctx, credentialId, { ...message, issuer, issuedAt: ctx.time, changes: [] });
  held.set(ctx, holder, credentialType, validUntil, credentialId, { credentialId });
  ctx.emit(issued({ ...message, issuer }));
}

/** `credentials.suspend`: from the cause date on, until it is reinstated. */
export function suspend(ctx: Context, message: Static<typeof ChangeCredential>): void {
  const credential = requireChangeable(ctx, message.credentialId);
  if (isSuspended(credential)) throw errors.AlreadySuspended({ credentialId: message.credentialId });
  requireCauseNow(ctx, message);

  record(ctx, credential, { to: "suspended", from: message.from, reasonCode: message.reasonCode, recordedAt: ctx.time });
  ctx.emit(suspended(message));
}

/** `credentials.reinstate`: from now on; the time of the suspension stays suspended. */
export function reinstate(ctx: Context, { credentialId }: Static<typeof CredentialReference>): void {
  const credential = requireChangeable(ctx, credentialId);
  const { issuer, credentialType, changes } = credential;
  if (!issuableTypes(ctx, issuer, ctx.time).includes(credentialType)) throw errors.NotRegistered({ issuer, credentialType });
  if (!isSuspended(credential)) throw errors.NotSuspended({ credentialId });
  if (changes.length >= MAX_CHANGES - 2) throw errors.HistoryFull({ credentialId });

  record(ctx, credential, { to: "reinstated", from: ctx.time, recordedAt: ctx.time });
  ctx.emit(reinstated({ credentialId }));
}

/** `credentials.revoke`: from the cause date on, for good. */
export function revoke(ctx: Context, message: Static<typeof ChangeCredential>): void {
  const credential = requireChangeable(ctx, message.credentialId);
  requireCauseNow(ctx, message);

  record(ctx, credential, { to: "revoked", from: message.from, reasonCode: message.reasonCode, recordedAt: ctx.time });
  ctx.emit(revoked(message));
}

/** The credential, if its issuer signed and it is not revoked. An issuer that was removed may still suspend and revoke. */
function requireChangeable(ctx: Context, credentialId: string): Credential {
  const credential = credentials.get(ctx, credentialId);
  if (!credential) throw errors.UnknownCredential({ credentialId });
  if (!ctx.signers.includes(credential.issuer)) throw errors.NotIssuer({ credentialId });
  if (credential.changes.at(-1)?.to === "revoked") throw errors.Revoked({ credentialId });
  return credential;
}

function requireCauseNow(ctx: Context, { from }: Static<typeof ChangeCredential>): void {
  if (from > ctx.time) throw errors.CauseInFuture({ from });
}

function isSuspended({ changes }: Credential): boolean {
  return changes.at(-1)?.to === "suspended";
}

function record(ctx: Context, credential: Credential, change: Change): void {
  credentials.set(ctx, credential.credentialId, { ...credential, changes: [...credential.changes, change] });
}

/** Unexpired credentials of this holder and type. Those of removed issuers do not count, so that no issuer can fill a holder's places for good. */
function countHeld(ctx: Context, { holder, credentialType }: Static<typeof IssueCredential>): number {
  const present = [...unexpired(ctx, { holder, credentialType, at: ctx.time })];
  return present.filter(({ issuer }) => issuableTypes(ctx, issuer, ctx.time).includes(credentialType)).length;
}
