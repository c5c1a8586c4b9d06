import { defineQuery } from "../../app/define-module.ts";
import { errors } from "./errors.ts";
import { CredentialAt, CredentialStatus, CredentialStatuses, HeldAt, MAX_HELD } from "./schema.ts";
import { standingAt } from "./standing.ts";
import { credentials, unexpired } from "./state.ts";

export const queries = [
  defineQuery({
    name: "credentials.credential",
    summary: "A credential and what it is worth, now or at a given time.",
    parameters: CredentialAt,
    result: CredentialStatus,
    run(ctx, { credentialId, at = ctx.time }) {
      const credential = credentials.get(ctx, credentialId);
      if (!credential) throw errors.UnknownCredential({ credentialId });
      return { credential, standing: standingAt(ctx, credential, at), at };
    },
  }),
  defineQuery({
    name: "credentials.held",
    summary: "The credentials of one type that a holder has and that have not expired, now or at a given time; at most 64.",
    parameters: HeldAt,
    result: CredentialStatuses,
    run(ctx, { holder, credentialType, at = ctx.time }) {
      const found = [...unexpired(ctx, { holder, credentialType, at })].slice(0, MAX_HELD);
      return { credentials: found.map((credential) => ({ credential, standing: standingAt(ctx, credential, at), at })) };
    },
  }),
];
