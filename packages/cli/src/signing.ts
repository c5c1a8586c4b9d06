import type { KnownProposal } from "@galen/sdk/proposals/proposal";
import { actorOf, type Session } from "./session.ts";
import { parseLanguage, showBeforeSigning, tellingOf } from "./terminal/words.ts";

export interface SigningFlags {
  readonly as: readonly string[];
  readonly language?: string;
  readonly json?: boolean;
}

/** Who signs, after the words of what is signed were shown; a program that wants JSON gets them in the answer of `show`. */
export async function signingOf(session: Session, { as, language, json = false }: SigningFlags, proposal?: KnownProposal) {
  const telling = { ...tellingOf(session.wallet, parseLanguage(language)), proposals: () => proposal };
  return {
    as: await Promise.all(as.map((name) => actorOf(session, name))),
    beforeSigning: json ? undefined : showBeforeSigning(telling),
  };
}
