import type { Release } from "@galen/ledger/modules/vault/schema";
import { usePurposeWords } from "../../chart/purpose-words.ts";
import { useTexts } from "../../frame/texts.ts";
import { shortId, useNames } from "../../keys/names.ts";
import { logTexts } from "./log-texts.ts";

/** What is shown of a request to read, in short words. */
export interface ReleaseWords {
  readonly name: string;
  readonly purpose: string;
  /** Why it was refused; undefined when it was not. */
  readonly reason: string | undefined;
}

export function useReleaseWords(): (release: Pick<Release, "reader" | "purpose" | "outcome">) => ReleaseWords {
  const purposeWords = usePurposeWords();
  const log = useTexts(logTexts);
  const names = useNames();
  return ({ reader, purpose, outcome }) => {
    return {
      name: names.get(reader)?.name ?? shortId(reader),
      purpose: purposeWords(purpose),
      reason: outcome.kind === "refused" ? log(`reason.${outcome.reason}`) : undefined,
    };
  };
}
