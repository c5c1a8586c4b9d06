import type { Invariant } from "../../app/define-module.ts";
import { requireAccount } from "../accounts/index.ts";
import { MAX_ISSUER_CHANGES } from "./schema.ts";
import { canDecide, decisionRule, issuers, members } from "./state.ts";

/** What holds after every block. */
export const invariants: Readonly<Record<string, Invariant>> = {
  "the alliance can decide": (audit) => {
    if (!canDecide(decisionRule.get(audit, "current")!, [...audit.all(members)].length))
      throw new Error("no decision is possible any more");
  },
  "members are organisations": (audit) => {
    for (const [id] of audit.all(members)) if (requireAccount(audit, id).kind !== "organisation") throw new Error(`member ${id} is none`);
  },
  "histories of issuers run forward and leave room for a removal": (audit) => {
    for (const [id, { changes }] of audit.all(issuers)) {
      const forward = changes.every((change, i) => i === 0 || changes[i - 1]!.at <= change.at);
      const registered = changes.at(-1)!.credentialTypes.length > 0;
      if (!forward || (registered && changes.length >= MAX_ISSUER_CHANGES)) throw new Error(`the history of issuer ${id} is broken`);
    }
  },
};
