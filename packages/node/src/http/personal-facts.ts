import type { ReadContext } from "@galen/ledger/app/context";
import type { LedgerEvent } from "@galen/ledger/app/events";
import { hasRole, isDelegate, isGuardian, type Scope } from "@galen/ledger/modules/accounts/index";
import { isVoter } from "@galen/ledger/modules/approvals/index";
import { credentials } from "@galen/ledger/modules/credentials/state";
import type { Grant } from "@galen/ledger/modules/vault/schema";
import { grants } from "@galen/ledger/modules/vault/state";
import { eventJson } from "./json.ts";

/** Topics of which everybody hears something else. */
export const personalTopics = ["releases", "proposals", "accounts", "grants", "documents", "credentials", "emergencies"] as const;
type PersonalTopic = (typeof personalTopics)[number];

/** Somebody who hears what concerns an account. */
export interface Listener {
  readonly account: string;
  /** Whether the account acts or has acted for anybody: the state is not asked about those who never did, which most are. */
  actsForOthers: boolean;
  /** The state as it is now: who may not act for an owner any more hears nothing more of that one. */
  readonly read: () => ReadContext;
}

/** A fact that concerns a listener. */
export interface PersonalFact {
  readonly name: "release" | "proposal" | "account" | "grant" | "document" | "credential" | "emergency";
  readonly data: unknown;
}

type Data = LedgerEvent["data"];

/** Who hears of an event under a topic. */
interface Rule {
  readonly topic: PersonalTopic;
  readonly name: PersonalFact["name"];
  readonly concerns: (listener: Listener, data: Data) => boolean;
  readonly tell: (event: LedgerEvent) => unknown;
}

const release: Rule = { topic: "releases", name: "release", concerns: isOfOwner("log.read"), tell: ({ data }) => data };
/** A reading that a grant counts, for the reader's other devices. */
const countedRead = ruleOf("grants", "grant", ({ account }, { reader, grantId }) => reader === account && grantId !== undefined);
const grant = ruleOf("grants", "grant", (listener, data) => isOfOwner("vault.grant")(listener, data) || canUse(listener, data));
const document = ruleOf("documents", "document", (listener, data) => isNamed(listener, data) || isOfOwner("records.read")(listener, data));
const credential = ruleOf("credentials", "credential", isPartOf);
const emergency = ruleOf("emergencies", "emergency", (listener, data) => isNamed(listener, data) || isOfOwner("log.read")(listener, data));
const account = ruleOf("accounts", "account", (listener, data) => isNamed(listener, data) || isGuarded(listener, data));
const proposal = ruleOf("proposals", "proposal", ({ account, read }, { proposalId }) => {
  return isVoter(read(), { account, proposalId: String(proposalId) });
});

/** By type of event, or by module where one rule holds for all its events. */
const rules: Readonly<Record<string, readonly Rule[]>> = {
  "vault.released": [release, countedRead],
  "vault.refused": [release],
  "vault.granted": [grant],
  "vault.revoked": [grant],
  "vault.erased": [document],
  records: [document],
  credentials: [credential],
  emergency: [emergency],
  accounts: [account],
  approvals: [proposal],
};

/** What a listener hears of an event, once at most; undefined where it concerns others, or where nobody wants to hear of it. */
export function personalFactOf(event: LedgerEvent, listener: Listener, topics: ReadonlySet<string>): PersonalFact | undefined {
  const { type, data } = event;
  const found = rules[type] ?? rules[type.slice(0, type.indexOf("."))] ?? [];
  const rule = found.find(({ topic, concerns }) => topics.has(topic) && concerns(listener, data));
  return rule && { name: rule.name, data: rule.tell(event) };
}

/** Keeps `actsForOthers` true while the listener listens. */
export function noteDelegation({ type, data }: LedgerEvent, listener: Listener): void {
  if (type === "accounts.delegated" && data.delegate === listener.account) listener.actsForOthers = true;
}

function ruleOf(topic: PersonalTopic, name: PersonalFact["name"], concerns: Rule["concerns"]): Rule {
  return { topic, name, concerns, tell: eventJson };
}

/** Whether it concerns the records of the listener, or of somebody for whom the listener may do what `scope` names. */
function isOfOwner(scope: Scope): Rule["concerns"] {
  return ({ account, actsForOthers, read }, { owner }) => {
    if (owner === account) return true;
    return actsForOthers && typeof owner === "string" && isDelegate(read(), { owner, delegate: account, scope });
  };
}

function isNamed({ account }: Listener, data: Data): boolean {
  return Object.values(data).some((value) => (Array.isArray(value) ? value.includes(account) : value === account));
}

function isGuarded({ account: guardian, read }: Listener, { account }: Data): boolean {
  return typeof account === "string" && isGuardian(read(), { guardian, account });
}

/** Whether a grant opens something to the listener: by name, as a house, as one of its staff, or in a role there. */
function canUse({ account, read }: Listener, data: Data): boolean {
  const granted = "grantee" in data ? (data as unknown as Grant) : grants.get(read(), String(data.grantId));
  if (!granted) return false;
  const { grantee } = granted;
  if (grantee.kind === "role") return hasRole(read(), grantee.organisation, account, grantee.role);
  return grantee.account === account || (grantee.kind === "organisation" && hasRole(read(), grantee.account, account));
}

/** Whether a credential is the listener's, or was issued by it. */
function isPartOf({ account, read }: Listener, { credentialId }: Data): boolean {
  const found = credentials.get(read(), String(credentialId));
  return found !== undefined && (found.holder === account || found.issuer === account);
}
