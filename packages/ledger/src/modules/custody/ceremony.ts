import type { Ceremony } from "./schema.ts";

/**
 * The rules of a ceremony, after the protocol JF-DKG in Gennaro, Jarecki, Krawczyk, Rabin, "Secure Distributed Key Generation for
 * Discrete-Log Based Cryptosystems" (J. Cryptology 2007): deal, complain, answer in the open, disqualify.
 */
export type Phase = "dealing" | "complaining" | "justifying" | "over";

/** The phase at `time` (milliseconds since 1970). Complaints need not wait for the window when everybody has dealt. */
export function phaseOf(ceremony: Ceremony, time: number): Phase {
  if (ceremony.outcome.kind !== "running" || time >= ceremony.justifyUntil) return "over";
  if (time >= ceremony.complainUntil) return "justifying";
  return time >= ceremony.dealUntil || ceremony.dealt.length === ceremony.dealers.length ? "complaining" : "dealing";
}

/**
 * Whether a dealer is out, whatever it answers: k complaints cannot all come from fewer than k dishonest receivers, and k shares in the open
 * would be its whole polynomial.
 */
export function isDisqualified({ complaints, threshold }: Ceremony, dealer: number): boolean {
  return complaints.filter((complaint) => complaint.dealer === dealer).length >= threshold;
}

/** Whether an answer could still change the outcome. */
export function hasOpenComplaint(ceremony: Ceremony): boolean {
  return ceremony.complaints.some(({ answered, dealer }) => !answered && !isDisqualified(ceremony, dealer));
}

/** Dealers who dealt and answered every complaint. */
export function qualifiedDealers(ceremony: Ceremony): number[] {
  const { dealt, complaints } = ceremony;
  const unanswered = new Set(complaints.filter(({ answered }) => !answered).map(({ dealer }) => dealer));
  return dealt.filter((dealer) => !unanswered.has(dealer) && !isDisqualified(ceremony, dealer)).sort((a, b) => a - b);
}

/** Receivers who looked: they hold good shares of every qualified dealer, or find them on the ledger. */
export function readyReceivers({ confirmed, complaints }: Ceremony): number[] {
  return [...new Set([...confirmed, ...complaints.map(({ receiver }) => receiver)])];
}

/** Whether nothing that may still be sent could change the outcome for the better; `needsAll` as the outcome needs all receivers, or only k. */
export function isDue(ceremony: Ceremony, time: number, needsAll: boolean): boolean {
  if (ceremony.confirmed.length === ceremony.receivers.length) return true;
  if (time < ceremony.complainUntil) return false;
  if (time >= ceremony.justifyUntil) return true;
  if (hasOpenComplaint(ceremony)) return false;
  const isLost = qualifiedDealers(ceremony).length < ceremony.dealersNeeded;
  return isLost || !needsAll || readyReceivers(ceremony).length === ceremony.receivers.length;
}
