import { GalenError } from "@galen/sdk/client/galen-error";
import { KeyError } from "@galen/sdk/keys/key-error";
import { type ClockFault, clockFaultIn } from "../network/clock.ts";
import { clockTexts } from "../network/clock-texts.ts";
import { OtherNetworkError } from "../network/network.tsx";
import { failureTexts } from "./failure-texts.ts";
import { formatsOf } from "./formats.ts";
import { frameTexts } from "./frame-texts.ts";
import { currentLanguage, type Texts, tellChange, translate } from "./texts.ts";

/** A failure in words that a person can act on. */
export interface FailureWords {
  readonly title: string;
  readonly text: string;
  /** Stable id of a refusal, for whoever is asked about it. */
  readonly id?: string;
}

const unreachable: readonly string[] = ["client/Unreachable", "client/TimedOut"];

/**
 * What to say of something that was thrown. Refusals have their own sentences, those that only one desk meets in its own texts. What is rarely met is loaded when it is, and
 * until then, and without a connection, keeps the English of whoever refused.
 */
export function describeFailure(error: unknown, ofDesk?: Texts): FailureWords {
  if (error instanceof OtherNetworkError) {
    const { pinned, found } = error;
    return { title: translate(frameTexts, "otherTitle"), text: translate(frameTexts, "otherText", { pinned, found }) };
  }
  const clock = clockFaultIn(error);
  if (clock) return { ...describeClock(clock), ...(error instanceof GalenError && { id: error.id }) };
  if (error instanceof GalenError && unreachable.includes(error.id))
    return { title: translate(frameTexts, "offlineTitle"), text: translate(frameTexts, "offlineText"), id: error.id };
  if (error instanceof GalenError)
    return { title: translate(failureTexts, "refused"), text: capitalised(sentenceOf(error.id, error.sentence, ofDesk)), id: error.id };
  if (error instanceof KeyError)
    return { title: translate(failureTexts, "refused"), text: capitalised(sentenceOf(`key/${error.code}`, error.message)) };
  if (error instanceof DOMException && error.name === "NotReadableError")
    return { title: translate(failureTexts, "refused"), text: translate(failureTexts, "fileGone") };
  if (error instanceof Error && error.name === "PasskeyError") {
    const isAway = "code" in error && error.code === "NoAnswer";
    return { title: translate(failureTexts, "refused"), text: translate(failureTexts, isAway ? "passkeyAway" : "passkey") };
  }
  return {
    title: translate(frameTexts, "wrongTitle"),
    text: translate(frameTexts, "wrongText"),
    id: String(error instanceof Error ? error.message : error),
  };
}

/** A wrong clock, and what to do about it. To the second, as a minute may be all that is wrong. */
export function describeClock({ deviceAt, networkAt }: ClockFault): Pick<FailureWords, "title" | "text"> {
  const { instant } = formatsOf(currentLanguage());
  const values = { device: instant(deviceAt), network: instant(networkAt) };
  return { title: translate(clockTexts, "title"), text: translate(clockTexts, "text", values) };
}

/** The app's words for a refusal, in the reader's language where it has them. */
function sentenceOf(id: string, sentence: string, ofDesk?: Texts): string {
  if (ofDesk?.keys.includes(id)) return translate(ofDesk, id);
  const key = failureTexts.keys.find((known) => known === id);
  if (key !== undefined) return translate(failureTexts, key);
  if (!rareTexts) void loadRareTexts();
  if (rareTexts?.keys.includes(id)) return translate(rareTexts, id);
  return currentLanguage() === "en" ? sentence : translate(failureTexts, "unknown", { sentence });
}

/** The ledger's and the node's own sentences begin small, because they also stand within others. */
function capitalised(sentence: string): string {
  return sentence.charAt(0).toUpperCase() + sentence.slice(1);
}

/** Words for every refusal that can reach the app; most people never need them. */
let rareTexts: Texts | undefined;
let isLoading = false;

async function loadRareTexts(): Promise<void> {
  if (isLoading) return;
  isLoading = true;
  try {
    rareTexts = (await import("../refusals/refusal-texts.ts")).refusalTexts;
    tellChange();
  } catch {
    // Without a connection the next refusal tries again.
  } finally {
    isLoading = false;
  }
}
