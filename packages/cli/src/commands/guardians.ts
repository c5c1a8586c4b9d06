import { MAX_RECOVERY_DELAY_MS, MIN_RECOVERY_DELAY_MS } from "@galen/ledger/modules/accounts/schema";
import { fetchRecoveries } from "@galen/sdk/accounts/recovery";
import { guardedBy } from "@galen/sdk/accounts/relations";
import { createSay } from "@galen/sdk/acts/say";
import type { Command } from "commander";
import { parseCount } from "../choices.ts";
import { parseSpan } from "../dates.ts";
import { errors } from "../errors.ts";
import { actorOf, openReading, openSession } from "../session.ts";
import { type ActingFlags, acting, signAndSend } from "../signing.ts";
import { count, table } from "../terminal/answer.ts";
import { addVerb } from "../verb.ts";
import { accountOf, nameOf } from "../wallet/look-up.ts";

/** `galen guardians set|show|remove|list`. */
export function addGuardians(program: Command): void {
  const group = program.command("guardians").description("who can rescue an account whose keys are lost");
  addSet(group);
  addShow(group);
  addRemove(group);
  addList(group);
}

function addSet(group: Command): void {
  addVerb<ActingFlags & { readonly guardian: readonly string[]; readonly threshold: string; readonly delay: string }>(group, {
    usage: "set",
    summary: "Name guardians who together can replace lost keys, after a delay in which the owner can object. They can read nothing by it.",
    example: 'galen guardians set --guardian "Brisa Testerly" "Corvin Mockridge" --threshold 2 --delay 7d --as "Alwen Sampleton"',
    options: (command) =>
      acting(command, "the owner")
        .requiredOption("--guardian <names...>", "people or organisations, up to 16")
        .requiredOption("--threshold <number>", "how many of them are needed")
        .option("--delay <span>", "time to object, from an hour to 90 days", "7d"),
    async run({ guardian, threshold, delay, ...flags }) {
      const delayMs = parseSpan("--delay", delay);
      if (delayMs < MIN_RECOVERY_DELAY_MS || delayMs > MAX_RECOVERY_DELAY_MS)
        throw errors.BadValue({ option: "--delay", value: delay, reason: "from 1h to 90d" });
      const session = await openSession(flags);
      const value = {
        account: accountOf(session.wallet, flags.as),
        guardians: guardian.map((name) => accountOf(session.wallet, name)),
        threshold: parseCount("--threshold", threshold),
        delayMs,
      };
      return signAndSend(session, flags, { type: "accounts.setGuardians", value });
    },
  });
}

function addShow(group: Command): void {
  addVerb<object>(group, {
    usage: "show <name>",
    summary: "Show the guardians of an account, proven.",
    example: 'galen guardians show "Alwen Sampleton"',
    async run(options, name = "") {
      const { client, wallet } = await openReading(options);
      const account = accountOf(wallet, name);
      const { guardianship } = await fetchRecoveries(client, account);
      if (!guardianship)
        return { json: { account, guardians: [], threshold: null, delayMs: null }, text: `${nameOf(wallet, account)} has no guardians.` };
      const { guardians, threshold, delayMs } = guardianship;
      const rows = guardians.map((guardian) => [nameOf(wallet, guardian), guardian]);
      const { duration } = createSay("en", () => undefined);
      const terms = `${threshold} of ${guardians.length} are needed, then the owner has ${duration(delayMs)} to object.`;
      return { json: { account, ...guardianship }, text: `${table(["guardian", "account"], rows)}\n${terms}` };
    },
  });
}

function addRemove(group: Command): void {
  addVerb<ActingFlags>(group, {
    usage: "remove",
    summary: "Have no guardians any more.",
    example: 'galen guardians remove --as "Alwen Sampleton"',
    options: (command) => acting(command, "the owner"),
    async run(flags) {
      const session = await openSession(flags);
      return signAndSend(session, flags, { type: "accounts.removeGuardians", value: { account: accountOf(session.wallet, flags.as) } });
    },
  });
}

function addList(group: Command): void {
  addVerb<{ readonly as: string }>(group, {
    usage: "list",
    summary: "Show for whom one is a guardian.",
    example: 'galen guardians list --as "Brisa Testerly"',
    options: (command) => command.requiredOption("--as <name>", "the guardian"),
    async run({ as, ...options }) {
      const session = await openSession(options);
      const accounts = await guardedBy(session.client, await actorOf(session, as));
      const json = accounts.map((account) => ({ account, name: nameOf(session.wallet, account) }));
      const rows = json.map(({ account, name }) => [name, account]);
      return { json, text: `${table(["name", "account"], rows)}\n${count(rows.length, "account")}` };
    },
  });
}
