import type { Message } from "@galen/ledger/tx/transaction";
import type { DescribeOptions } from "@galen/sdk/acts/describe-act";
import { type DescribedBody, describeBody } from "@galen/sdk/acts/describe-body";
import type { Actor } from "@galen/sdk/client/actor";
import type { Client } from "@galen/sdk/client/client";
import { custodianOrganisations, custodiansIn } from "@galen/sdk/custody/custodian-organisations";
import { buildTransaction, type SignedTransaction } from "@galen/sdk/transactions/build-transaction";
import type { ExecutedTransaction } from "@galen/sdk/transactions/executed-transaction";
import { submitSigned } from "@galen/sdk/transactions/submit";
import { currentLanguage } from "../frame/texts.ts";
import { isInDoubt } from "./in-doubt.ts";
import type { Ask } from "./question.ts";

interface Agreeing {
  /** What the signer calls accounts and records, and what proposals would do. */
  readonly known: Omit<DescribeOptions, "language">;
  /** Shows an act that was not shown yet, and rejects unless the signer agrees. */
  readonly agree: (body: DescribedBody) => Promise<void>;
}

interface Sending extends Agreeing {
  readonly ask: Ask;
  readonly messages: readonly Message[];
  readonly actors: readonly Actor[];
  /** Whether the words stood beside the button that was pressed, so that the press is the answer. */
  readonly isShown: boolean;
}

/** Signs messages after their words were shown, and sends them. Rejects with GalenError, and as `agree` does. */
export async function signAndSend(client: Client, { messages, actors, isShown, known, agree, ask }: Sending): Promise<ExecutedTransaction> {
  let body: DescribedBody | undefined;
  const beforeSigning = async (bodyBytes: Uint8Array) => {
    const custodians = await custodianOrganisations(client, custodiansIn(messages, known));
    body = describeBody(bodyBytes, { language: currentLanguage(), ...known, custodians });
    await agree(body);
  };
  const signed = await buildTransaction(client, { actors, messages, beforeSigning });
  if (!isShown) await ask({ kind: "sending", body: body! });
  return sendUntilAnswered(client, signed, () => ask({ kind: "lost", body: body! }));
}

/** Shows what will be signed, and rejects as `agree` does. */
export async function agreeToBody(bodyBytes: Uint8Array, { known, agree }: Agreeing): Promise<void> {
  await agree(describeBody(bodyBytes, { language: currentLanguage(), ...known }));
}

/** The same bytes again and again, for as long as the signer wants: the ledger counts them once. */
async function sendUntilAnswered(
  client: Client,
  signed: SignedTransaction,
  askAgain: () => Promise<boolean>,
): Promise<ExecutedTransaction> {
  for (;;) {
    try {
      return await submitSigned(client, signed);
    } catch (error) {
      if (!isInDoubt(error) || !(await askAgain())) throw error;
    }
  }
}
