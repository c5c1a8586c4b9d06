/**
 * Probability that an adversary with a share of what elects (hashes, or seats drawn at random) gets a third of the seats or more: P(X ≥ n/3) for X
 * binomial(n, share). Exactly a third is enough to stop a chain that needs more than two thirds. A floating number, for people; nothing on the
 * ledger depends on it.
 */
export function electionRisk({ seats, share }: { readonly seats: number; readonly share: number }): number {
  let probability = 0;
  // From the rarest up, so that small terms are not lost beside large ones.
  for (let won = seats; won >= Math.ceil(seats / 3); won--) {
    probability += Math.exp(logChoose(seats, won) + won * Math.log(share) + (seats - won) * Math.log1p(-share));
  }
  return probability;
}

function logChoose(all: number, chosen: number): number {
  let log = 0;
  for (let at = 1; at <= chosen; at++) log += Math.log((all - chosen + at) / at);
  return log;
}

export const riskSeats = [21, 100, 288, 1_008] as const;
export const riskShares = [0.2, 0.25, 0.3] as const;

/** A probability as a person reads it: 11 %, 0.090 %, 8e-8. */
export function riskText(probability: number): string {
  if (probability >= 0.01) return `${(probability * 100).toPrecision(2)} %`;
  return probability.toExponential(0);
}

/** The table of docs/concepts/voting-power/work.md. */
export function riskTable(): string {
  const rows = riskShares.map((share) => {
    const cells = riskSeats.map((seats) => riskText(electionRisk({ seats, share })));
    return `| ${share * 100} % | ${cells.join(" | ")} |`;
  });
  return [`| share of the hashes | ${riskSeats.map((seats) => `${seats} seats`).join(" | ")} |`, "|---|---|---|---|---|", ...rows].join(
    "\n",
  );
}
