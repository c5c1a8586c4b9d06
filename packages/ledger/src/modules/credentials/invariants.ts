import type { Invariant } from "../../app/define-module.ts";
import { MAX_CHANGES } from "./schema.ts";
import { credentials, held } from "./state.ts";

/** What holds after every block. */
export const invariants: Readonly<Record<string, Invariant>> = {
  "the index of held credentials lists each credential once": (audit) => {
    const listed = new Set([...audit.all(held)].map(([key]) => key));
    const wanted = [...audit.all(credentials)].map(([, { credentialId, holder, credentialType, validUntil }]) =>
      held.keyOf(holder, credentialType, validUntil, credentialId).slice(held.prefix.length + 1),
    );
    if (listed.size !== wanted.length || !wanted.every((key) => listed.has(key))) throw new Error("the index differs from the credentials");
  },
  "histories are in order of recording, alternate, and leave room for a suspension and a revocation": (audit) => {
    for (const [id, { issuedAt, changes }] of audit.all(credentials)) {
      let [state, recordedAt] = ["reinstated", issuedAt];
      for (const { to, from, recordedAt: at } of changes) {
        if (at < recordedAt || from > at || to === state || state === "revoked") throw new Error(`the history of ${id} is broken`);
        [state, recordedAt] = [to, at];
      }
      const free = MAX_CHANGES - changes.length;
      if ((state === "reinstated" && free < 2) || (state === "suspended" && free < 1)) throw new Error(`the history of ${id} is full`);
    }
  },
};
