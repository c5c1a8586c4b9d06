/** The fewest holders who together have a third of the power: the Nakamoto coefficient of a Byzantine-fault-tolerant chain. */
export function nakamotoCoefficient(powers: readonly number[]): number {
  const total = powers.reduce((sum, power) => sum + power, 0);
  let [held, holders] = [0, 0];
  for (const power of powers.toSorted((a, b) => b - a)) {
    if (held * 3 >= total) break;
    held += power;
    holders += 1;
  }
  return holders;
}

/** Gini coefficient: 0 when all have the same, towards 1 when one has everything. Whoever has nothing counts. */
export function giniCoefficient(powers: readonly number[]): number {
  const ascending = powers.toSorted((a, b) => a - b);
  const total = ascending.reduce((sum, power) => sum + power, 0);
  const weighted = ascending.reduce((sum, power, at) => sum + (at + 1) * power, 0);
  return (2 * weighted) / (powers.length * total) - (powers.length + 1) / powers.length;
}
