import { COMPARTMENTS, type Compartment } from "@galen/gateway/fhir/compartment";
import { bytesToHex } from "@galen/ledger/crypto/hex";
import type { Grant } from "@galen/ledger/modules/vault/schema";
import type { Message } from "@galen/ledger/tx/transaction";
import { compartmentLabel } from "@galen/sdk/keys/compartment-label";
import { webRandom } from "@galen/sdk/keys/random";
import type { OwnAccount } from "@galen/sdk/transactions/own-account";
import { type CodeContent, parseCode } from "../../keys/code-link.ts";

export const areas: readonly Compartment[] = COMPARTMENTS;
export const spans = [1, 7, 30, 365] as const;
/** What patients are asked for in everyday life, of HL7's long list. */
export const purposes = ["TREAT", "COC", "HPAYMT", "HRESCH"] as const satisfies readonly Grant["purposes"][number][];
const DAY_MS = 86_400_000;

/** Whom a grant shall name. */
export interface Reader extends CodeContent {
  readonly isOrganisation?: boolean;
}

/** A grant while it is being thought about. */
export interface Draft {
  readonly to: Reader | undefined;
  readonly what: "everything" | "areas";
  readonly areas: readonly Compartment[];
  readonly purpose: (typeof purposes)[number];
  readonly days: (typeof spans)[number];
}

/** Somebody else's code may have brought the page here. Least is given first: general matters, for a month. */
export function emptyDraft(hash: string): Draft {
  return { to: parseCode(hash), what: "areas", areas: ["general", "laboratory", "medication"], purpose: "TREAT", days: 30 };
}

/** Milliseconds since 1970. */
export function endOf({ days }: Pick<Draft, "days">, now: number): number {
  return now + days * DAY_MS;
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
