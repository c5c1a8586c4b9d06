import { COMPARTMENTS } from "@galen/gateway";
import { fetchLabels } from "@galen/gateway/reading/fetch-labels";
import type { Grant } from "@galen/ledger/modules/vault/schema";
import { type GrantOptions, grantAccess, revokeAccess } from "@galen/sdk/records/grants";
import type { OwnAccount } from "@galen/sdk/transactions/own-account";
import type { Command } from "commander";
import { parseCompartment, parseCount, parseCredentialType, parsePurpose, parseRole } from "../choices.ts";
import { parseMoment } from "../dates.ts";
import { errors } from "../errors.ts";
import { completeGrantId, completeRecordId } from "../reading/complete-id.ts";
import { actorOf, openSession, type Session } from "../session.ts";
import { shortId, time } from "../terminal/answer.ts";
import { shellWord } from "../terminal/shell-word.ts";
import { addVerb } from "../verb.ts";
import { accountOf, requireEntry } from "../wallet/look-up.ts";
import { type AddressBook, foldName, isAccountId } from "../wallet/wallet.ts";

interface GrantFlags {
  readonly as: string;
  readonly to: string;
  readonly compartment?: readonly string[];
  readonly record?: readonly string[];
  readonly everything?: boolean;
  readonly purpose: readonly string[];
  readonly from?: string;
  readonly until: string;
  readonly reads?: string;
  readonly credential?: string;
}

/** `galen grant`. */
export function addGrant(program: Command): void {
  addVerb<GrantFlags>(program, {
    usage: "grant",
    summary: "Let a person, an organisation or a role in it (ORGANISATION:ROLE) read one's records. No key is handed out.",
    example: 'galen grant --as "Brisa Testerly" --to "Sampleton General Hospital:clinician" --compartment general laboratory --until 30d',
    options: grantOptions,
    async run({ as, ...flags }) {
      const session = await openSession(flags);
      const owner = await actorOf(session, as);
      const terms = await termsOf(session, owner, flags);
      const { grantId, txHash, height } = await grantAccess(session.client, { as: owner, ...terms });
      return {
        json: { grantId, txHash, height, ...terms },
        text: `Granted to ${flags.to} until ${time(terms.until)}, for ${terms.purposes.join(", ")}.\ngrant ${grantId}\nEnd it with: npx galen revoke ${shortId(grantId)} --as ${shellWord(as)}`,
      };
    },
  });
}

function grantOptions(command: Command): Command {
  return command
    .requiredOption("--as <name>", "the patient who grants")
    .requiredOption("--to <name>", "a person, an organisation, or ORGANISATION:ROLE")
    .option("--compartment <names...>", `what may be read: ${COMPARTMENTS.join(", ")}`)
    .option("--record <ids...>", "single documents, by the beginning of their ids")
    .option("--everything", "all records, also those that are filed later")
    .option("--purpose <codes...>", "why: HL7 PurposeOfUse codes", ["TREAT"])
    .option("--from <moment>", "from when; by default at once")
    .option("--until <moment>", "until when: a date, a time, or a span such as 90d, 12h, 30m", "90d")
    .option("--reads <number>", "how many releases; by default as many as needed")
    .option("--credential <type>", "a credential that the reader must hold, such as practitioner-licence");
}

type Terms = Omit<GrantOptions, "as">;

async function termsOf(session: Session, owner: OwnAccount, flags: Omit<GrantFlags, "as">): Promise<Terms> {
  const now = session.client.now();
  const until = parseMoment(flags.until, now);
  const from = flags.from === undefined ? undefined : parseMoment(flags.from, now);
  if (until <= Math.max(now, from ?? now))
    throw errors.BadValue({ option: "--until", value: flags.until, reason: "later than now and --from" });
  return {
    grantee: granteeOf(session.wallet, flags.to),
    covers: await coversOf(session, owner, flags),
    purposes: flags.purpose.map(parsePurpose),
    until,
    ...(from === undefined ? {} : { from }),
    ...(flags.reads === undefined ? {} : { reads: parseCount("--reads", flags.reads) }),
    ...(flags.credential === undefined ? {} : { credentialType: parseCredentialType(flags.credential) }),
  };
}

/** Throws Refusal cli/BadValue, cli/UnknownName, cli/AmbiguousName. */
export function granteeOf(wallet: AddressBook, to: string): Grant["grantee"] {
  if (isAccountId(to)) return { kind: "person", account: to };
  const colon = to.lastIndexOf(":");
  // A name may have a colon of its own.
  if (colon > 0 && !isKnown(wallet, to)) return roleOf(wallet, { house: to.slice(0, colon), role: to.slice(colon + 1) });
  const { kind, account } = requireEntry(wallet, to);
  return { kind: kind === "organisation" ? "organisation" : "person", account };
}

function isKnown(wallet: AddressBook, name: string): boolean {
  return wallet.entries().some((entry) => foldName(entry.name) === foldName(name));
}

function roleOf(wallet: AddressBook, { house, role }: { house: string; role: string }): Grant["grantee"] {
  const organisation = accountOf(wallet, house);
  const known = wallet.entries().find(({ account }) => account === organisation);
  // Nobody would ever hold it, and the ledger cannot tell. What an address book says of others may be a guess.
  if (known?.words !== undefined && known.kind !== "organisation")
    throw errors.BadValue({ option: "--to", value: house, reason: "roles are of organisations" });
  return { kind: "role", organisation, role: parseRole(role) };
}

async function coversOf({ client }: Session, owner: OwnAccount, flags: Omit<GrantFlags, "as">): Promise<Grant["covers"]> {
  const { compartment = [], record = [], everything = false } = flags;
  const ways = [compartment.length > 0, record.length > 0, everything].filter(Boolean).length;
  if (ways !== 1) throw errors.BadValue({ option: "--compartment", reason: "give one of --compartment, --record, --everything" });
  if (everything) return { kind: "everything" };
  if (record.length > 0) {
    return { kind: "objects", ids: await Promise.all(record.map((start) => completeRecordId(client, { owner: owner.account, start }))) };
  }
  return { kind: "compartments", labels: [...(await fetchLabels(client, owner, compartment.map(parseCompartment)))] };
}

/** `galen revoke`. */
export function addRevoke(program: Command): void {
  addVerb<{ readonly as: string }>(program, {
    usage: "revoke <grant>",
    summary: "End a grant, from the next transaction on.",
    example: 'galen revoke 81d2 --as "Brisa Testerly"',
    options: (command) => command.requiredOption("--as <name>", "the patient who granted"),
    async run({ as, ...options }, start = "") {
      const session = await openSession(options);
      const owner = await actorOf(session, as);
      const grantId = await completeGrantId(session.client, { owner, start });
      const { txHash, height } = await revokeAccess(session.client, { as: owner, grantId });
      return { json: { grantId, txHash, height }, text: `Revoked ${grantId}: the next read under it is refused, and logged.` };
    },
  });
}
