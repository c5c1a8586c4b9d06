import { bytesToHex } from "@galen/ledger/crypto/hex";
import type { Message } from "@galen/ledger/tx/transaction";
import { webRandom } from "@galen/sdk/keys/random";
import { endOf, type GrantTerms, leastTerms } from "../../access/grant-terms.ts";
import { type CodeContent, parseCode } from "../../keys/code-link.ts";
import { type AreaLabels, labelsOf } from "../../records/area-labels.ts";

/** Whom a grant shall name. */
export interface Reader extends CodeContent {
  readonly isOrganisation?: boolean;
}

/** A grant while it is being thought about. */
export interface Draft extends GrantTerms {
  readonly to: Reader | undefined;
}

/** Somebody else's code may have brought the page here. */
export function emptyDraft(hash: string): Draft {
  return { to: parseCode(hash), ...leastTerms };
}

export interface GrantOptions {
  /** Whose records: one's own, or those of somebody for whom one acts. */
  readonly owner: string;
  readonly labels: AreaLabels;
  readonly now: number;
}

/** The message to be signed. */
export function grantMessage({ to, what, purpose, ...draft }: Draft, { owner, labels, now }: GrantOptions): Message {
  if (!to) throw new RangeError("a grant names somebody");
  const value = {
    grantId: bytesToHex(webRandom(32)),
    owner,
    grantee: { kind: to.isOrganisation ? "organisation" : "person", account: to.account },
    covers: what === "everything" ? { kind: "everything" } : { kind: "compartments", labels: labelsOf(labels, draft.areas) },
    purposes: [purpose],
    from: 0,
    until: endOf(draft, now),
  };
  return { type: "vault.grant", value };
}
