import type { Message } from "@galen/ledger/tx/transaction";
import type { DescribeOptions } from "@galen/sdk/acts/describe-act";
import type { DescribedBody } from "@galen/sdk/acts/describe-body";
import type { Names } from "@galen/sdk/acts/say";
import type { Actor } from "@galen/sdk/client/actor";
import type { ExecutedTransaction } from "@galen/sdk/transactions/executed-transaction";
import { createContext, lazy, type ReactNode, Suspense, useCallback, useContext, useEffect, useRef, useState } from "react";
import { callInActs, useNames } from "../keys/names.ts";
import { isUnlocked, unlockedAccount, usePerson, useSession } from "../keys/person.ts";
import { requireRightClock } from "../network/clock.ts";
import { requireNetwork } from "../network/network.tsx";
import type { Ask, Question } from "./question.ts";

/** The signer has looked at the act and said no. Nothing was signed or sent. */
export class NotSignedError extends Error {
  override readonly name = "NotSignedError";
}

/** Nobody signs in the first moment. */
const SigningSheet = lazy(async () => ({ default: (await import("./signing-sheet.tsx")).SigningSheet }));

interface Asked {
  /** Whose keys would sign. */
  readonly account: string;
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

/** One act on the sheet, from its first question to its end. */
interface Telling {
  readonly ask: Ask;
  readonly end: () => void;
}

type Tell = (account: string) => Telling;

const TellContext = createContext<Tell>(() => ({ ask: () => Promise.resolve(false), end: () => undefined }));

/** Holds the one sheet on which acts are shown before they are signed. It goes, with a no, when the keys that would sign are locked or `page`, its address, is left. */
export function SigningProvider({ page, children }: { readonly page?: string; readonly children: ReactNode }) {
  const [asked, setAsked] = useState<Asked>();
  const told = useRef<object>(undefined);
  const here = unlockedAccount(useSession());
  useEffect(() => {
    if (asked && asked.account !== here) asked.answer(false);
  }, [asked, here]);
  const latest = useRef(asked);
  latest.current = asked;
  useEffect(() => () => latest.current?.answer(false), [page]);
  const tell = useCallback<Tell>((account) => {
    const act = {};
    function ask(question: Question): Promise<boolean> {
      told.current ??= act;
      // Never another act beneath the finger that presses: one that comes while the sheet is taken is not signed, and can be pressed again.
      if (told.current !== act) return Promise.resolve(false);
      const { promise, resolve } = Promise.withResolvers<boolean>();
      const answer = (isYes: boolean) => {
        setAsked(undefined);
        resolve(isYes);
      };
      setAsked({ account, question, answer });
      // Nothing is asked while it is on its way: the sheet only shows it.
      return question.kind === "sending" ? Promise.resolve(true) : promise;
    }
    function end(): void {
      if (told.current !== act) return;
      told.current = undefined;
      setAsked(undefined);
    }
    return { ask, end };
  }, []);
  return (
    <TellContext value={tell}>
      {children}
      {asked && asked.account === here && (
        <Suspense>
          <SigningSheet {...asked} />
        </Suspense>
      )}
    </TellContext>
  );
}

/** Asks the person of this page. Whoever has locked the wallet or left the tab since has said no. */
function useTelling(): () => Telling {
  const tell = useContext(TellContext);
  const { account } = usePerson().own;
  return () => {
    const { ask, end } = tell(account);
    return { ask: async (question) => isUnlocked(account) && (await ask(question)) && isUnlocked(account), end };
  };
}

/** Nobody signs in the first moment, so that what builds, tells and sends transactions comes with the first signature. */
const loadSending = () => import("./sign-and-send.ts");

/** Signs messages after their words were shown, and sends them. Rejects with NotSignedError, WrongClockError, GalenError. */
export function useSigning(): Sign {
  const telling = useTelling();
  const { own } = usePerson();
  const accounts = useNames();
  return async ({ messages, names = () => undefined, proposals, as = own, with: others = [], isShown = false }) => {
    const { client } = await requireNetwork();
    requireRightClock();
    const { signAndSend } = await loadSending();
    const { ask, end } = telling();
    try {
      const known = { names: namesBeside(accounts, names), ...(proposals && { proposals }) };
      return await signAndSend(client, {
        messages,
        actors: [as, ...others],
        known,
        agree: isShown ? () => requireUnlocked(own.account) : agreeOn(ask),
        ask,
        isShown,
      });
    } finally {
      end();
    }
  };
}

/**
 * For acts of the SDK that make and send their own messages, such as reading and filing: shows what will be signed and asks. What it gives goes to the SDK
 * as `beforeSigning`, and rejects with NotSignedError, WrongClockError.
 */
export function useAskBeforeSigning(): (names?: Names) => (bodyBytes: Uint8Array) => Promise<void> {
  const telling = useTelling();
  const accounts = useNames();
  return (names = () => undefined) =>
    async (bodyBytes) => {
      const { agreeToBody } = await loadSending();
      await agreeToBody(bodyBytes, { known: { names: namesBeside(accounts, names) }, agree: agreeOnce(telling) });
    };
}

/** Like `useAskBeforeSigning`, for transactions that are made side by side: one sheet tells all of them, and one yes counts for all. */
export function useAskForAll(): (names?: Names) => (bodies: readonly Uint8Array[]) => Promise<void> {
  const telling = useTelling();
  const accounts = useNames();
  return (names = () => undefined) =>
    async (bodies) => {
      const { describeBodies } = await import("./describe-bodies.ts");
      await agreeOnce(telling)(describeBodies(bodies, namesBeside(accounts, names)));
    };
}

/** An account is called as this browser knows it: what a link or code calls it never stands in place of that. */
function namesBeside(accounts: ReturnType<typeof useNames>, names: Names): Names {
  const call = callInActs(accounts);
  return (id) => call(id) || names(id);
}

/** For acts whose words were shown before: the press was the answer, unless the wallet was locked since. Rejects with NotSignedError. */
export async function requireUnlocked(account: string): Promise<void> {
  if (!isUnlocked(account)) throw new NotSignedError("the wallet was locked");
}

function agreeOn(ask: Ask): (body: DescribedBody) => Promise<void> {
  return async (body) => {
    requireRightClock();
    if (!(await ask({ kind: "sign", body }))) throw new NotSignedError("not signed");
  };
}

/** For an act that is sent elsewhere: the sheet goes with the answer. */
function agreeOnce(telling: () => Telling): (body: DescribedBody) => Promise<void> {
  return async (body) => {
    const { ask, end } = telling();
    try {
      await agreeOn(ask)(body);
    } finally {
      end();
    }
  };
}
