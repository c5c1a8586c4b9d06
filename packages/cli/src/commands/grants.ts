import { grantsOf, grantsTo, isOpen, type KnownGrant } from "@galen/sdk/records/known-grants";
import type { Command } from "commander";
import { actorOf, openSession } from "../session.ts";
import { type Answer, count, shortId, table, time } from "../terminal/answer.ts";
import { addVerb } from "../verb.ts";
import { nameOf } from "../wallet/look-up.ts";
import type { Wallet } from "../wallet/wallet.ts";

interface GrantsFlags {
  readonly as: string;
  readonly received?: boolean;
}

/** `galen grants`. */
export function addGrants(program: Command): void {
  addVerb<GrantsFlags>(program, {
    usage: "grants",
    summary: "List the grants that somebody gave, or those that somebody may use.",
    example: 'galen grants --as "Alwen Sampleton"',
    options: (command) =>
      command
        .requiredOption("--as <name>", "whose grants")
        .option("--received", "those that name this reader, its organisations or its roles"),
    async run({ as, received, ...options }) {
      const { client, wallet } = await openSession(options);
      const actor = await actorOf({ wallet }, as);
      const grants = received ? await grantsTo(client, actor) : await grantsOf(client, actor.account);
      return grantsAnswer(wallet, grants, client.now());
    },
  });
}

function grantsAnswer(wallet: Wallet, grants: readonly KnownGrant[], now: number): Answer {
  const rows = grants.map((grant) => [
    shortId(grant.grantId),
    nameOf(wallet, grant.owner),
    granteeText(wallet, grant),
    coversText(grant),
    grant.purposes.join(","),
    time(grant.until),
    grant.readsLeft === undefined ? "" : String(grant.readsLeft),
    stateOf(grant, now),
  ]);
  const headings = ["grant", "patient", "to", "covers", "for", "until", "reads left", "state"];
  const json = grants.map((grant) => ({
    ...grant,
    ownerName: nameOf(wallet, grant.owner),
    granteeName: granteeText(wallet, grant),
    state: stateOf(grant, now),
  }));
  return { json, text: `${table(headings, rows)}\n${count(grants.length, "grant")}` };
}

function granteeText(wallet: Wallet, { grantee }: KnownGrant): string {
  return grantee.kind === "role" ? `${nameOf(wallet, grantee.organisation)}:${grantee.role}` : nameOf(wallet, grantee.account);
}

function coversText({ covers }: KnownGrant): string {
  if (covers.kind === "everything") return "everything";
  return covers.kind === "objects" ? count(covers.ids.length, "document") : count(covers.labels.length, "compartment");
}

function stateOf(grant: KnownGrant, now: number): string {
  if (grant.revokedAt !== undefined) return "revoked";
  if (isOpen(grant, now)) return "open";
  if (grant.readsLeft === 0) return "used up";
  return now < grant.from ? "not yet" : "ended";
}
