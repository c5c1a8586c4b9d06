import type { Message } from "@galen/ledger/tx/transaction";
import type { KnownProposal } from "@galen/sdk/proposals/proposal";
import { submit } from "@galen/sdk/transactions/submit";
import type { Command } from "commander";
import { actorOf, type Session } from "./session.ts";
import type { Answer } from "./terminal/answer.ts";
import { parseLanguage, showBeforeSigning, tellingOf, withLanguage } from "./terminal/words.ts";
import type { VerbOptions } from "./verb.ts";

export interface SigningFlags {
  readonly as: readonly string[];
  readonly language?: string;
  readonly json?: boolean;
}

/** Who signs, and about which proposal: its words are told with the vote, before it is signed. */
export async function signingOf(session: Session, { as, language, json }: SigningFlags, proposal?: KnownProposal) {
  const telling = { ...tellingOf(session, parseLanguage(language)), proposals: () => proposal };
  return {
    as: await Promise.all(as.map((name) => actorOf(session, name))),
    ...(proposal && json === false && { beforeSigning: showBeforeSigning(() => session.client, telling) }),
  };
}

/** Flags of a verb by which one person signs one message. */
export interface ActingFlags extends VerbOptions {
  readonly as: string;
  readonly language?: string;
}

/** Adds `--as` and `--language`. */
export function acting(command: Command, who: string): Command {
  return withLanguage(command).requiredOption("--as <name>", who);
}

/** Signs a message and sends it. */
export async function signAndSend(session: Session, { as }: ActingFlags, message: Message): Promise<Answer> {
  const { txHash, height } = await submit(session.client, { actors: [await actorOf(session, as)], messages: [message] });
  return { json: { txHash, height }, text: `Done, in block ${height}.` };
}
