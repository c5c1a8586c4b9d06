import { hexToBytes } from "@galen/ledger/crypto/hex";
import { decodeEnvelope } from "@galen/ledger/tx/transaction";
import type { DescribeOptions } from "@galen/sdk/acts/describe-act";
import { type DescribedBody, describeBody } from "@galen/sdk/acts/describe-body";
import { rules } from "@galen/sdk/client/rules";
import { custodiansIn } from "@galen/sdk/custody/custodian-organisations";
import { useLanguage } from "../../frame/texts.ts";
import { callInActs, useNames } from "../../keys/names.ts";
import { useCustodianOrganisations } from "../../network/custodians.ts";

/** A transaction in the words in which it was signed, custodians by their accounts; undefined for one of rules that this app does not know. */
export function useTransactionWords(): (bytes: string) => DescribedBody | undefined {
  const telling = useTelling();
  return (bytes) => readable(() => describeBody(bodyOf(bytes), telling));
}

/** Likewise, and custodians by their organisations; undefined also until the ledger has told them. */
export function useFullWords(bytes: string): DescribedBody | undefined {
  const telling = useTelling();
  const named = readable(() => custodiansIn(rules.codec.decodeBody(bodyOf(bytes)).messages));
  const { data: custodians } = useCustodianOrganisations(named ?? []);
  return custodians && readable(() => describeBody(bodyOf(bytes), { ...telling, custodians }));
}

function useTelling(): DescribeOptions {
  const language = useLanguage();
  const names = useNames();
  return { language, names: callInActs(names) };
}

function bodyOf(bytes: string): Uint8Array {
  return decodeEnvelope(hexToBytes(bytes)!).bodyBytes;
}

/** Undefined for older or newer rules: the page shows the events, which need no such words. */
function readable<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}
