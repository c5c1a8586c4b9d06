/** A change as an application hands it to CometBFT: power 0 removes. */
export interface ValidatorUpdate {
  readonly publicKey: string;
  readonly power: number;
}

const MAX_TOTAL_POWER = (2n ** 63n - 1n) / 8n;

/**
 * What CometBFT does with the updates of a block, with its own words when it would stop the chain: `validateValidatorUpdates` (v0.39.4
 * state/execution.go) and `ValidatorSet.updateWithChangeSet` with processChanges, verifyRemovals and verifyUpdates (types/validator_set.go).
 * Returns the set that it then holds.
 */
export function applyAsComet(held: ReadonlyMap<string, bigint>, updates: readonly ValidatorUpdate[]): Map<string, bigint> {
  requireValidUpdates(updates);
  if (updates.length === 0) return new Map(held);
  const removals = updates.filter(({ power }) => power === 0);
  const changes = updates.filter(({ power }) => power > 0);
  const added = changes.filter(({ publicKey }) => !held.has(publicKey));
  if (added.length === 0 && removals.length === held.size) throw new Error("applying the validator changes would result in empty set");

  let total = [...held.values()].reduce((sum, power) => sum + power, 0n);
  const next = new Map(held);
  for (const { publicKey } of removals) {
    const power = next.get(publicKey);
    if (power === undefined) throw new Error(`failed to find validator ${publicKey} to remove`);
    total -= power;
    next.delete(publicKey);
  }
  const byDelta = changes
    .map(({ publicKey, power }) => ({ publicKey, power: BigInt(power), delta: BigInt(power) - (held.get(publicKey) ?? 0n) }))
    .toSorted((a, b) => (a.delta < b.delta ? -1 : a.delta > b.delta ? 1 : 0));
  for (const { publicKey, power, delta } of byDelta) {
    total += delta;
    if (total > MAX_TOTAL_POWER) throw new Error("total voting power of resulting valset exceeds max");
    next.set(publicKey, power);
  }
  return next;
}

function requireValidUpdates(updates: readonly ValidatorUpdate[]): void {
  const seen = new Set<string>();
  for (const { publicKey, power } of updates) {
    if (!Number.isSafeInteger(power)) throw new Error(`power ${power} is no int64`);
    if (power < 0) throw new Error(`voting power can't be negative: ${power}`);
    if (BigInt(power) > MAX_TOTAL_POWER) throw new Error("to prevent clipping/overflow, voting power can't be higher");
    if (!/^[0-9a-f]{64}$/.test(publicKey)) throw new Error(`${publicKey} is using a pubkey that is unsupported for consensus`);
    if (seen.has(publicKey)) throw new Error(`duplicate entry ${publicKey}`);
    seen.add(publicKey);
  }
}
