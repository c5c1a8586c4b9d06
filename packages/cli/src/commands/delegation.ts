import { delegationsBy, delegationsTo } from "@galen/sdk/accounts/relations";
import type { Command } from "commander";
import { grounds, parseGround, parseScope, scopes } from "../choices.ts";
import { parseMoment } from "../dates.ts";
import { errors } from "../errors.ts";
import { actorOf, openSession } from "../session.ts";
import { type ActingFlags, acting, signAndSend } from "../signing.ts";
import { count, table, time } from "../terminal/answer.ts";
import { addVerb } from "../verb.ts";
import { accountOf, nameOf } from "../wallet/look-up.ts";

/** `galen delegation give|end|list`. */
export function addDelegation(program: Command): void {
  const group = program.command("delegation").description("who may act for the owner of records, and in what");
  addGive(group);
  addEnd(group);
  addList(group);
}

interface GiveFlags extends ActingFlags {
  readonly to: string;
  readonly scope: readonly string[];
  readonly until: string;
  readonly ground: string;
}

function addGive(group: Command): void {
  addVerb<GiveFlags>(group, {
    usage: "give",
    summary: "Let somebody act for the owner until a day. Given again to the same, it replaces what was given before.",
    example: 'galen delegation give --to "Brisa Testerly" --scope records.read log.read --until 365d --as "Alwen Sampleton"',
    options: (command) =>
      acting(command, "the owner")
        .requiredOption("--to <name>", "who shall act")
        .requiredOption("--scope <names...>", scopes.join(", "))
        .option("--until <moment>", "until when: a date, a time, or a span such as 90d", "365d")
        .option("--ground <ground>", grounds.join(", "), "chosen"),
    async run({ to, scope, until, ground, ...flags }) {
      const session = await openSession(flags);
      const value = {
        owner: accountOf(session.wallet, flags.as),
        delegate: accountOf(session.wallet, to),
        scopes: scope.map(parseScope),
        until: parseMoment(until, session.client.now()),
        ground: parseGround(ground),
      };
      return signAndSend(session, flags, { type: "accounts.delegate", value });
    },
  });
}

function addEnd(group: Command): void {
  addVerb<ActingFlags & { readonly owner?: string }>(group, {
    usage: "end [delegate]",
    summary: "Take a delegation back as the owner, or lay it down as the delegate with --owner.",
    example: 'galen delegation end "Brisa Testerly" --as "Alwen Sampleton"',
    options: (command) => acting(command, "the owner or the delegate").option("--owner <name>", "for whom one acts no more"),
    async run({ owner, ...flags }, delegate?: string) {
      if ((owner === undefined) === (delegate === undefined))
        throw errors.BadValue({ option: "delegate", reason: "give one of DELEGATE, as the owner, and --owner, as the delegate" });
      const session = await openSession(flags);
      const value = { owner: accountOf(session.wallet, owner ?? flags.as), delegate: accountOf(session.wallet, delegate ?? flags.as) };
      return signAndSend(session, flags, { type: "accounts.endDelegation", value });
    },
  });
}

function addList(group: Command): void {
  addVerb<{ readonly as: string }>(group, {
    usage: "list",
    summary: "Show who acts for somebody, and for whom that one acts.",
    example: 'galen delegation list --as "Liorel Synthern"',
    options: (command) => command.requiredOption("--as <name>", "whose delegations"),
    async run({ as: name, ...options }) {
      const session = await openSession(options);
      const as = await actorOf(session, name);
      const [given, received] = await Promise.all([delegationsBy(session.client, as), delegationsTo(session.client, as)]);
      const called = (account: string) => nameOf(session.wallet, account);
      const json = [...given, ...received].map((one) => ({ ...one, ownerName: called(one.owner), delegateName: called(one.delegate) }));
      const rows = json.map(({ ownerName, delegateName, scopes, ground, until }) => [
        ownerName,
        delegateName,
        scopes.join(", "),
        ground,
        time(until),
      ]);
      return { json, text: `${table(["owner", "acts", "in what", "why", "until"], rows)}\n${count(rows.length, "delegation")}` };
    },
  });
}
