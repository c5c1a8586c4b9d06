import { bytesToHex } from "@galen/ledger/crypto/hex";
import type { Message } from "@galen/ledger/tx/transaction";
import { compartmentLabel } from "@galen/sdk/keys/compartment-label";
import { webRandom } from "@galen/sdk/keys/random";
import type { OwnAccount } from "@galen/sdk/transactions/own-account";
import { endOf, type GrantTerms, leastTerms } from "../../access/grant-terms.ts";
import { type CodeContent, parseCode } from "../../keys/code-link.ts";

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

/** The message to be signed. */
export function grantMessage({ to, what, purpose, ...draft }: Draft, owner: OwnAccount, now: number): Message {
  if (!to) throw new RangeError("a grant names somebody");
  const labels = draft.areas.map((name) => compartmentLabel(owner.keys.compartmentKey, name));
  const value = {
    grantId: bytesToHex(webRandom(32)),
    owner: owner.account,
    grantee: { kind: to.isOrganisation ? "organisation" : "person", account: to.account },
    covers: what === "everything" ? { kind: "everything" } : { kind: "compartments", labels },
    purposes: [purpose],
    from: 0,
    until: endOf(draft, now),
  };
  return { type: "vault.grant", value };
}
