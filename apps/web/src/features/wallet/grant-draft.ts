import { bytesToHex } from "@galen/ledger/crypto/hex";
import type { Role } from "@galen/ledger/modules/accounts/schema";
import type { Grant } from "@galen/ledger/modules/vault/schema";
import type { Message } from "@galen/ledger/tx/transaction";
import { webRandom } from "@galen/sdk/keys/random";
import { endOf, type GrantTerms, leastTerms } from "../../access/grant-terms.ts";
import { type CodeContent, parseCode } from "../../keys/code-link.ts";

/** Whom in a house a grant may name: everybody who works there, or those with a role that reads records. */
export const circles = ["everybody", "clinician", "nurse", "laboratory", "pharmacist", "researcher"] as const satisfies readonly (
  | Role
  | "everybody"
)[];
export type Circle = (typeof circles)[number];

/** A grant while it is being thought about. */
export interface Draft extends GrantTerms {
  readonly to: CodeContent | undefined;
  /** Matters where `to` is an organisation. */
  readonly circle: Circle;
  /** Whether a reader must hold a valid licence to practise. */
  readonly isLicensedOnly: boolean;
}

/** Whom a draft names, once it is known whether that is an organisation. */
export type Named = Pick<Draft, "circle"> & { readonly account: string; readonly isOrganisation: boolean };

export function granteeOf({ account, circle, isOrganisation }: Named): Grant["grantee"] {
  if (!isOrganisation) return { kind: "person", account };
  return circle === "everybody" ? { kind: "organisation", account } : { kind: "role", organisation: account, role: circle };
}

/** Somebody else's code may have brought the page here. */
export function emptyDraft(hash: string): Draft {
  return { to: parseCode(hash), circle: "clinician", isLicensedOnly: false, ...leastTerms };
}

interface Given {
  readonly grantee: Grant["grantee"];
  /** Whose records: one's own, or those of somebody for whom one acts. */
  readonly owner: string;
  /** Of the areas that are chosen. */
  readonly labels: readonly string[];
  readonly now: number;
}

/** The message to be signed. */
export function grantMessage({ what, purpose, ...draft }: Draft, { grantee, owner, labels, now }: Given): Message {
  const value = {
    grantId: bytesToHex(webRandom(32)),
    owner,
    grantee,
    covers: what === "everything" ? { kind: "everything" } : { kind: "compartments", labels: [...labels] },
    purposes: [purpose],
    from: 0,
    until: endOf(draft, now),
    ...(draft.isLicensedOnly ? { credentialType: "practitioner-licence" } : {}),
  };
  return { type: "vault.grant", value };
}
