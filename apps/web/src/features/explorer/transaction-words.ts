import { hexToBytes } from "@galen/ledger/crypto/hex";
import { decodeEnvelope } from "@galen/ledger/tx/transaction";
import { type DescribedBody, describeBody } from "@galen/sdk/acts/describe-body";
import { type Language, useLanguage } from "../../frame/texts.ts";
import { callInActs, type Names, useNames } from "../../keys/names.ts";

/** A transaction in the words in which it was signed; undefined for one of rules that this app does not know. */
export function useTransactionWords(): (bytes: string) => DescribedBody | undefined {
  const language = useLanguage();
  const names = useNames();
  return (bytes) => wordsOf(bytes, language, names);
}

function wordsOf(bytes: string, language: Language, names: Names): DescribedBody | undefined {
  try {
    const { bodyBytes } = decodeEnvelope(hexToBytes(bytes)!);
    return describeBody(bodyBytes, { language, names: callInActs(names) });
  } catch {
    // Older or newer rules: the page shows the events, which need no such words.
    return undefined;
  }
}
