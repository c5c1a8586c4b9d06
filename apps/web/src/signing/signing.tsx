import type { Message } from "@galen/ledger/tx/transaction";
import type { DescribeOptions } from "@galen/sdk/acts/describe-act";
import type { DescribedBody } from "@galen/sdk/acts/describe-body";
import type { Names } from "@galen/sdk/acts/say";
import type { Actor } from "@galen/sdk/client/actor";
import type { ExecutedTransaction } from "@galen/sdk/transactions/executed-transaction";
import { createContext, lazy, type ReactNode, Suspense, useCallback, useContext, useState } from "react";
import { callInActs, useNames } from "../keys/names.ts";
import { usePerson } from "../keys/person.ts";
import { requireRightClock } from "../network/clock.ts";
import { useRequireNetwork } from "../network/network.tsx";
import type { Ask, Question } from "./question.ts";

/** The signer has looked at the act and said no. Nothing was signed or sent. */
export class NotSignedError extends Error {
  override readonly name = "NotSignedError";
}

/** Nobody signs in the first moment. */
const SigningSheet = lazy(async () => ({ default: (await import("./signing-sheet.tsx")).SigningSheet }));

interface Asked {
  readonly question: Question;
  readonly answer: (isYes: boolean) => void;
}

export interface SigningOptions {
  readonly messages: readonly Message[];
  /** Names of records, grants and compartments, beside those of accounts. */
  readonly names?: Names;
  /** What a proposal would do, so that a vote on it tells it. */
  readonly proposals?: DescribeOptions["proposals"];
  /** Who signs; the person at this tab unless given. */
  readonly as?: Actor;
  /** Others whose keys are at hand here and who sign too, such as a service of the house. */
  readonly with?: readonly Actor[];
  /** Whether the words stood beside the button that was pressed, so that the press is the answer. */
  readonly isShown?: boolean;
}

type Sign = (options: SigningOptions) => Promise<ExecutedTransaction>;

const AskContext = createContext<Ask>(() => Promise.resolve(false));

/** Holds the one sheet on which acts are shown before they are signed. */
export function SigningProvider({ children }: { readonly children: ReactNode }) {
  const [asked, setAsked] = useState<Asked>();
  const ask = useCallback<Ask>((question) => {
    const { promise, resolve } = Promise.withResolvers<boolean>();
    const answer = (isYes: boolean) => {
      setAsked(undefined);
      resolve(isYes);
    };
    setAsked({ question, answer });
    // Nothing is asked while it is on its way: the sheet only shows it.
    return question.kind === "sending" ? Promise.resolve(true) : promise;
  }, []);
  const close = useCallback(() => setAsked(undefined), []);
  return (
    <AskContext value={ask}>
      <CloseContext value={close}>{children}</CloseContext>
      {asked && (
        <Suspense>
          <SigningSheet {...asked} />
        </Suspense>
      )}
    </AskContext>
  );
}

const CloseContext = createContext<() => void>(() => undefined);

/** Nobody signs in the first moment, so that what builds, tells and sends transactions comes with the first signature. */
const loadSending = () => import("./sign-and-send.ts");

/** Signs messages after their words were shown, and sends them. Rejects with NotSignedError, WrongClockError, GalenError. */
export function useSigning(): Sign {
  const ask = useContext(AskContext);
  const close = useContext(CloseContext);
  const { own } = usePerson();
  const requireNetwork = useRequireNetwork();
  const accounts = useNames();
  return async ({ messages, names = () => undefined, proposals, as = own, with: others = [], isShown = false }) => {
    const { client } = requireNetwork();
    requireRightClock();
    const { signAndSend } = await loadSending();
    try {
      const known = { names: namesBeside(accounts, names), ...(proposals && { proposals }) };
      return await signAndSend(client, {
        messages,
        actors: [as, ...others],
        known,
        agree: agreeOn(ask),
        ask,
        isShown,
      });
    } finally {
      close();
    }
  };
}

/**
 * For acts of the SDK that make and send their own messages, such as reading and filing: shows what will be signed and asks. What it gives goes to the SDK
 * as `beforeSigning`, and rejects with NotSignedError, WrongClockError.
 */
export function useAskBeforeSigning(): (names?: Names) => (bodyBytes: Uint8Array) => Promise<void> {
  const ask = useContext(AskContext);
  const accounts = useNames();
  return (names = () => undefined) =>
    async (bodyBytes) => {
      const { agreeToBody } = await loadSending();
      await agreeToBody(bodyBytes, { known: { names: namesBeside(accounts, names) }, agree: agreeOn(ask) });
    };
}

/** Like `useAskBeforeSigning`, for transactions that are made side by side: one sheet tells all of them, and one yes counts for all. */
export function useAskForAll(): (names?: Names) => (bodies: readonly Uint8Array[]) => Promise<void> {
  const ask = useContext(AskContext);
  const accounts = useNames();
  return (names = () => undefined) =>
    async (bodies) => {
      const { describeBodies } = await import("./describe-bodies.ts");
      await agreeOn(ask)(describeBodies(bodies, namesBeside(accounts, names)));
    };
}

function namesBeside(accounts: ReturnType<typeof useNames>, names: Names): Names {
  const call = callInActs(accounts);
  return (id) => names(id) ?? call(id);
}

function agreeOn(ask: Ask): (body: DescribedBody) => Promise<void> {
  return async (body) => {
    requireRightClock();
    if (!(await ask({ kind: "sign", body }))) throw new NotSignedError("not signed");
  };
}
