import { Type } from "typebox";
import { defineEvent } from "../../app/events.ts";
import { AccountId } from "../../schema/types.ts";
import { ChangeCredential, CredentialReference, IssueCredential } from "./schema.ts";

export const issued = defineEvent("credentials.issued", Type.Object({ ...IssueCredential.properties, issuer: AccountId }));
export const suspended = defineEvent("credentials.suspended", ChangeCredential);
export const reinstated = defineEvent("credentials.reinstated", CredentialReference);
export const revoked = defineEvent("credentials.revoked", ChangeCredential);

export const events = [issued, suspended, reinstated, revoked];
