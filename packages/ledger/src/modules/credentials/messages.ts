import { defineMessage } from "../../app/define-module.ts";
import { issue, reinstate, revoke, suspend } from "./handlers.ts";
import { ChangeCredential, CredentialReference, IssueCredential } from "./schema.ts";

export const messages = [
  defineMessage({
    type: "credentials.issue",
    summary: "Issue a credential to a holder, as an issuer that is registered for its type.",
    schema: IssueCredential,
    handle: issue,
  }),
  defineMessage({
    type: "credentials.suspend",
    summary: "Suspend a credential from the date of the cause on.",
    schema: ChangeCredential,
    handle: suspend,
  }),
  defineMessage({
    type: "credentials.reinstate",
    summary: "Reinstate a suspended credential from now on.",
    schema: CredentialReference,
    handle: reinstate,
  }),
  defineMessage({
    type: "credentials.revoke",
    summary: "Revoke a credential for good, from the date of the cause on.",
    schema: ChangeCredential,
    handle: revoke,
  }),
];
