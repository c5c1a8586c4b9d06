import { rules } from "@galen/sdk/client/rules";
import { encodeMessage } from "@galen/sdk/proposals/carried-message";
import { propose } from "@galen/sdk/proposals/vote";
import type { Command } from "commander";
import { parseMoment } from "../dates.ts";
import { type Fields, fieldsOf, withFields } from "../message-fields.ts";
import { openSession, type Session } from "../session.ts";
import { type SigningFlags, signingOf } from "../signing.ts";
import { withLanguage } from "../terminal/words.ts";
import { addVerb } from "../verb.ts";
import { accountOf } from "../wallet/look-up.ts";
import { memberIds } from "./hopeless.ts";
import { subjects } from "./subjects.ts";
import { voteAnswer } from "./vote-answer.ts";

interface ProposeFlags extends SigningFlags {
  readonly ask?: readonly string[];
  readonly deadline: string;
}

/** `galen governance propose <subject>`: a verb for each subject, with flags made from its message's schema. */
export function addPropose(governance: Command): void {
  const group = governance.command("propose").description("propose a decision to the members of the alliance");
  for (const subject of subjects) {
    const { summary, schema } = rules.messages.get(subject.type)!;
    addVerb<Fields & ProposeFlags>(group, {
      usage: subject.word,
      summary: `Propose: ${summary}`,
      example: `galen governance propose ${subject.word} ${subject.example} --as "Sampleton General Hospital"`,
      options: (command) => withFields(withProposing(subject.options?.(command) ?? command), schema),
      async run(flags) {
        const session = await openSession(flags);
        const given = fieldsOf(schema, flags, session.wallet);
        const value = subject.complete ? await subject.complete(session.client, given, flags) : given;
        const message = { type: subject.type, value };
        encodeMessage(message); // refuses fields that do not fit, before anything is asked about them
        await subject.check?.(session.client, value);
        const asked = await askedFor(session, flags, subject.alsoAsked?.(value) ?? []);
        const messages = [message];
        const expiresAt = parseMoment(flags.deadline, session.client.now());
        const signing = await signingOf(session, flags);
        return voteAnswer(await propose(session.client, { ...signing, messages, asked, expiresAt }));
      },
    });
  }
}

function withProposing(command: Command): Command {
  return withLanguage(command)
    .requiredOption("--as <names...>", "who proposes; the first one acts, all of them approve it by this")
    .option("--ask <names...>", "who may vote; by default all members of the alliance, and who else must sign")
    .option("--deadline <moment>", "until when: a date, a time, or a span such as 7d, 12h, 30m", "7d");
}

/** Accounts that may vote besides those who sign. */
async function askedFor({ client, wallet }: Session, { as, ask }: ProposeFlags, alsoAsked: readonly unknown[]): Promise<string[]> {
  const signers = as.map((name) => accountOf(wallet, name));
  const named = ask?.map((name) => accountOf(wallet, name));
  const asked = named ?? [...(await memberIds(client)), ...alsoAsked.map(String)];
  return [...new Set(asked)].filter((account) => !signers.includes(account));
}
