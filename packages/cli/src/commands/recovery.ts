import {
  checkDigits,
  fetchRecoveries,
  isRecovered,
  type KnownRecoveries,
  parseRecoveryCode,
  type RecoveryRequest,
  recoveryCode,
  recoveryIdFor,
  recoveryRequest,
  startRecovery,
} from "@galen/sdk/accounts/recovery";
import type { Client } from "@galen/sdk/client/client";
import { webRandom } from "@galen/sdk/keys/random";
import { createSeedWords } from "@galen/sdk/keys/seed";
import { reopenRecords } from "@galen/sdk/records/reopen-records";
import type { Command } from "commander";
import { errors } from "../errors.ts";
import { createUnreadableList } from "../reading/unreadable.ts";
import { actorOf, openOrCreateWallet, openReading, openSession } from "../session.ts";
import { type ActingFlags, acting, signAndSend } from "../signing.ts";
import { count, table, time } from "../terminal/answer.ts";
import { addVerb } from "../verb.ts";
import { accountOf, nameOf } from "../wallet/look-up.ts";
import { addWords, type Wallet } from "../wallet/wallet.ts";

/** `galen recovery begin|help|show|withdraw|cancel|finish`. */
export function addRecovery(program: Command): void {
  const group = program.command("recovery").description("an account whose keys are lost, given new ones by its guardians");
  addBegin(group);
  addHelp(group);
  addShow(group);
  addWithdraw(group);
  addCancel(group);
  addFinish(group);
}

function addBegin(group: Command): void {
  addVerb<{ readonly account: string }>(group, {
    usage: "begin <name>",
    summary: "Make new keys for an account whose keys are lost, and the code that its guardians need. Makes the wallet if there is none.",
    example: 'galen recovery begin "Ada Example" --account 5f3a…(64 characters) --wallet new-wallet',
    options: (command) => command.requiredOption("--account <account>", "the account; a guardian can tell it"),
    async run({ account: named, ...options }, name = "") {
      const { client, wallet } = await openSession(options, await openOrCreateWallet(options.wallet));
      const account = accountOf(wallet, named);
      requireNoKeys(wallet, account);
      const { guardianship } = await fetchRecoveries(client, account);
      if (!guardianship) throw errors.NoGuardians({ account });
      await addWords(wallet, { name, kind: "person", words: createSeedWords(webRandom), account });
      const request = recoveryRequest(account, (await actorOf({ wallet }, account)).keys);
      const digits = checkDigits(recoveryIdFor(client, request));
      const code = recoveryCode(request);
      return {
        json: { account, code, digits, guardianship },
        text: `${guardianship.threshold} of its guardians must help. Give them this code:\n\n${code}\n\nand read these digits to them yourself: ${digits}`,
      };
    },
  });
}

function requireNoKeys(wallet: Wallet, account: string): void {
  const known = wallet.entries().find((entry) => entry.account === account);
  if (known?.words !== undefined) throw errors.KeysKnown({ name: known.name });
}

function addHelp(group: Command): void {
  addVerb<ActingFlags & { readonly digits: string }>(group, {
    usage: "help <code>",
    summary: "As a guardian: approve the keys in a code. Only after the owner has read the digits to you in person.",
    example: 'galen recovery help CODE --digits "4711 0815 4711 0815 4711" --as "Brisa Testerly"',
    options: (command) => acting(command, "the guardian").requiredOption("--digits <digits>", "the digits that the owner has read to you"),
    async run({ digits, ...flags }, code = "") {
      const session = await openSession(flags);
      const request = requestIn(code);
      const recoveryId = recoveryIdFor(session.client, request);
      requireSameDigits(digits, checkDigits(recoveryId));
      const { json, text } = await signAndSend(session, flags, startRecovery(request));
      const found = await fetchRecoveries(session.client, request.account);
      const approved = found.open.find((one) => one.recoveryId === recoveryId)?.guardians.length;
      const standing =
        approved === undefined
          ? []
          : [`${approvedText(approved, found)} guardians approve; it ${stateText(recoveryId, found, session.client)}.`];
      return { json: { ...(json as object), recoveryId, approved: approved ?? null }, text: [text, ...standing].join("\n") };
    },
  });
}

function requestIn(code: string): RecoveryRequest {
  const request = parseRecoveryCode(code);
  if (!request) throw errors.NoRecoveryCode();
  return request;
}

function requireSameDigits(read: string, shown: string): void {
  if (read.replaceAll(/\D/g, "") !== shown.replaceAll(" ", "")) throw errors.OtherDigits();
}

function addShow(group: Command): void {
  addVerb<object>(group, {
    usage: "show <name>",
    summary: "Show what guardians propose for an account, and which recovery runs until when; proven.",
    example: 'galen recovery show "Alwen Sampleton"',
    async run(options, name = "") {
      const { client, wallet } = await openReading(options);
      const account = accountOf(wallet, name);
      const found = await fetchRecoveries(client, account);
      const { open, running, guardianship } = found;
      const json = {
        account,
        threshold: guardianship?.threshold ?? null,
        open: open.map(({ recoveryId, guardians }) => ({ recoveryId, digits: checkDigits(recoveryId), guardians })),
        running: running ?? null,
      };
      const rows = json.open.map(({ recoveryId, digits, guardians }) => [
        digits,
        approvedText(guardians.length, found),
        guardians.map((guardian) => nameOf(wallet, guardian)).join(", "),
        stateText(recoveryId, found, client),
      ]);
      return { json, text: `${table(["digits", "approved", "by", "state"], rows)}\n${count(rows.length, "proposal")}` };
    },
  });
}

function approvedText(approved: number, { guardianship }: KnownRecoveries): string {
  return `${approved} of ${guardianship?.threshold}`;
}

function stateText(recoveryId: string, { running }: KnownRecoveries, { now }: Pick<Client, "now">): string {
  if (recoveryId !== running?.recoveryId) return "waits for guardians";
  return running.dueAt > now() ? `takes effect ${time(running.dueAt)}` : "takes effect with the next block";
}

function addWithdraw(group: Command): void {
  addVerb<ActingFlags>(group, {
    usage: "withdraw <name>",
    summary: "As a guardian: take back the approval of new keys for an account.",
    example: 'galen recovery withdraw "Alwen Sampleton" --as "Brisa Testerly"',
    options: (command) => acting(command, "the guardian"),
    async run(flags, name = "") {
      const session = await openSession(flags);
      return signAndSend(session, flags, { type: "accounts.withdrawApproval", value: { account: accountOf(session.wallet, name) } });
    },
  });
}

function addCancel(group: Command): void {
  addVerb<ActingFlags>(group, {
    usage: "cancel",
    summary: "As the owner, who still has the keys: stop every recovery of the account.",
    example: 'galen recovery cancel --as "Alwen Sampleton"',
    options: (command) => acting(command, "the owner"),
    async run(flags) {
      const session = await openSession(flags);
      return signAndSend(session, flags, { type: "accounts.cancelRecovery", value: { account: accountOf(session.wallet, flags.as) } });
    },
  });
}

function addFinish(group: Command): void {
  addVerb<{ readonly as: string }>(group, {
    usage: "finish",
    summary: "Once the account has the new keys: make its records open with them. The custodians help, and the log says so.",
    example: 'galen recovery finish --as "Ada Example"',
    options: (command) => command.requiredOption("--as <name>", "the owner"),
    async run({ as: name, ...options }) {
      const session = await openSession(options);
      const as = await actorOf(session, name);
      if (!(await isRecovered(session.client, recoveryRequest(as.account, as.keys)))) throw errors.NotRecovered({ account: as.account });
      const unreadable = createUnreadableList(session.wallet);
      const documents = await reopenRecords(session.client, { as, onUnreadable: unreadable.note });
      return {
        json: { account: as.account, documents, unreadable: unreadable.documents },
        text: [`${count(documents, "document")} opened again.`, ...unreadable.lines()].join("\n"),
      };
    },
  });
}
