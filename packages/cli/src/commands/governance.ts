import { describeMessages } from "@galen/sdk/acts/describe-act";
import { actText } from "@galen/sdk/acts/describe-body";
import { custodianOrganisations, custodiansIn } from "@galen/sdk/custody/custodian-organisations";
import type { KnownProposal } from "@galen/sdk/proposals/proposal";
import { approveProposal, declineProposal, executeProposal, withdrawProposal } from "@galen/sdk/proposals/vote";
import type { Command } from "commander";
import { errors } from "../errors.ts";
import { findProposal, type ListedProposal, proposals } from "../governance/known-proposals.ts";
import { addPropose } from "../governance/propose.ts";
import { voteAnswer } from "../governance/vote-answer.ts";
import { openReading, openSession } from "../session.ts";
import { type SigningFlags, signingOf } from "../signing.ts";
import { type Answer, count, shortId, table, time } from "../terminal/answer.ts";
import { parseLanguage, tellingOf, withLanguage } from "../terminal/words.ts";
import { addVerb } from "../verb.ts";
import { nameOf } from "../wallet/look-up.ts";
import type { AddressBook } from "../wallet/wallet.ts";

interface LanguageFlag {
  readonly language?: string;
}

/** `galen governance propose|vote|withdraw|execute|list|show`. */
export function addGovernance(program: Command): void {
  const group = program.command("governance").description("decide together: propose, vote over days, see what is decided");
  addPropose(group);
  addVote(group);
  addAbout(group, "withdraw", { summary: "Withdraw an own proposal.", act: withdrawProposal });
  addAbout(group, "execute", {
    summary: "Try a proposal again that has its approvals, when something else stood against it.",
    act: executeProposal,
  });
  addList(group);
  addShow(group);
}

function addVote(group: Command): void {
  addVerb<SigningFlags & { readonly yes?: boolean; readonly no?: boolean }>(group, {
    usage: "vote <proposal>",
    summary: "Say yes or no to a proposal, after showing what it would do. A yes is a signature; a no is final.",
    example: 'galen governance vote 81d2 --yes --as "Testerly Lane Clinic"',
    options: (command) => signingOptions(command, "who votes").option("--yes", "approve it").option("--no", "decline it"),
    async run({ yes = false, no = false, ...flags }, start = "") {
      if (yes === no) throw errors.BadValue({ option: "--yes", reason: "give one of --yes, --no" });
      const session = await openSession(flags);
      const proposal = await findProposal(session.client, start);
      const signing = await signingOf(session, flags, proposal);
      const { proposalId } = proposal;
      const voting = yes
        ? approveProposal(session.client, { ...signing, proposal })
        : declineProposal(session.client, { ...signing, proposalId });
      return voteAnswer(await voting);
    },
  });
}

function addAbout(group: Command, verb: string, { summary, act }: { summary: string; act: typeof withdrawProposal }): void {
  addVerb<SigningFlags>(group, {
    usage: `${verb} <proposal>`,
    summary,
    example: `galen governance ${verb} 81d2 --as "Sampleton General Hospital"`,
    options: (command) => signingOptions(command, "who signs"),
    async run(flags, start = "") {
      const session = await openSession(flags);
      const proposal = await findProposal(session.client, start);
      const signing = await signingOf(session, flags, proposal);
      return voteAnswer(await act(session.client, { ...signing, proposalId: proposal.proposalId }));
    },
  });
}

function signingOptions(command: Command, who: string): Command {
  return withLanguage(command).requiredOption("--as <names...>", who);
}

function addList(group: Command): void {
  addVerb<LanguageFlag & { readonly all?: boolean }>(group, {
    usage: "list",
    summary: "Show what waits for votes.",
    example: "galen governance list",
    options: (command) => withLanguage(command).option("--all", "also what has ended"),
    async run({ all = false, language, ...options }) {
      const { client, wallet } = await openReading(options);
      const telling = tellingOf({ wallet }, parseLanguage(language));
      const found = (await proposals(client, all ? "all" : "open")).map((proposal) => ({
        ...proposal,
        titles: describeMessages(proposal.messages, telling).map(({ title }) => title),
      }));
      return listAnswer(wallet, found);
    },
  });
}

function listAnswer(wallet: AddressBook, found: readonly (ListedProposal & { readonly titles: readonly string[] })[]): Answer {
  const rows = found.map(({ proposalId, titles, proposer, votes, asked, expiresAt, ending }) => [
    shortId(proposalId),
    titles.join("; "),
    nameOf(wallet, proposer),
    `${votes.filter(({ vote }) => vote === "approved").length} of ${asked.length + 1}`,
    `${votes.filter(({ vote }) => vote === "declined").length}`,
    time(expiresAt),
    ending ?? "open",
  ]);
  const json = found.map((proposal) => ({
    ...proposal,
    proposerName: nameOf(wallet, proposal.proposer),
    state: proposal.ending ?? "open",
  }));
  return { json, text: `${table(["proposal", "what", "by", "yes", "no", "until", "state"], rows)}\n${count(found.length, "proposal")}` };
}

function addShow(group: Command): void {
  addVerb<LanguageFlag>(group, {
    usage: "show <proposal>",
    summary: "Show what a proposal would do, who has voted, and what it waits for.",
    example: "galen governance show 81d2",
    options: withLanguage,
    async run({ language, ...options }, start = "") {
      const { client, wallet } = await openReading(options);
      const proposal = await findProposal(client, start);
      const custodians = await custodianOrganisations(client, custodiansIn(proposal.decoded));
      const acts = describeMessages(proposal.messages, tellingOf({ wallet, custodians }, parseLanguage(language)));
      const { decoded: _, ...json } = proposal;
      return { json: { ...json, acts }, text: [...acts.flatMap(actText), "", ...standing(wallet, proposal)].join("\n") };
    },
  });
}

/** Who has said what, and what is missing. */
function standing(wallet: AddressBook, { proposalId, proposal, counting, waitsFor }: KnownProposal): string[] {
  const { proposer, asked, approvals, declined, createdAt, expiresAt, ending } = proposal;
  const names = (accounts: readonly string[]) => accounts.map((account) => nameOf(wallet, account)).join(", ");
  const lapsed = approvals.map(({ account }) => account).filter((account) => !counting.includes(account));
  const silent = asked.filter((account) => !declined.includes(account) && !approvals.some((approval) => approval.account === account));
  const lines = [
    ["proposal", proposalId],
    ["by", `${nameOf(wallet, proposer)}, ${time(createdAt)}`],
    ["yes", names(counting)],
    ["yes with former keys, which does not count", names(lapsed)],
    ["no", names(declined)],
    ["has not voted", ending ? "" : names(silent)],
    ["state", ending ? `${ending.how}, ${time(ending.at)}` : `open until ${time(expiresAt)}`],
    ["waits, because", ending || !waitsFor ? "" : `${waitsFor.sentence} [${waitsFor.id}]`],
  ];
  return lines.filter(([, text]) => text !== "").map(([label, text]) => `${label}: ${text}`);
}
