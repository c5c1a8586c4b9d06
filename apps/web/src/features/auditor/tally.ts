/** Something that happened at a time (milliseconds since 1970) and belongs to a kind. */
export interface Happening {
  readonly at: number;
  readonly kind: string;
  readonly isBad: boolean;
}

/** Counts over time, one for each stretch of `stepMs`. */
export interface Tally {
  readonly stepMs: number;
  /** When each stretch begins. */
  readonly starts: readonly number[];
  /** The most frequent kind first. */
  readonly rows: readonly {
    readonly kind: string;
    readonly values: readonly number[];
    readonly bad: readonly number[];
    readonly sum: number;
  }[];
}

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;
const steps = [MINUTE_MS, 5 * MINUTE_MS, 15 * MINUTE_MS, HOUR_MS, 6 * HOUR_MS, DAY_MS, 7 * DAY_MS, 28 * DAY_MS] as const;
/** More bars than these are too thin on a phone, fewer tell no course. */
const MAX_STRETCHES = 30;
const MIN_STRETCHES = 12;

/** Counts happenings by kind in stretches of equal length, the last of which holds `now`; what lies before the first stretch is left out. */
export function tally(happenings: readonly Happening[], now: number): Tally {
  const first = happenings.reduce((least, { at }) => Math.min(least, at), now);
  const numbersOf = (stepMs: number) => ({ from: Math.floor(first / stepMs), to: Math.floor(now / stepMs) });
  const isShort = (stepMs: number) => numbersOf(stepMs).to - numbersOf(stepMs).from < MAX_STRETCHES;
  const stepMs = steps.find(isShort) ?? steps.at(-1)!;
  const { from, to } = numbersOf(stepMs);
  const count = Math.min(MAX_STRETCHES, Math.max(MIN_STRETCHES, to - from + 1));
  const oldest = to - count + 1;

  const rows = [...Map.groupBy(happenings, ({ kind }) => kind)].map(([kind, ofKind]) => {
    const [values, bad] = [Array.from({ length: count }, () => 0), Array.from({ length: count }, () => 0)];
    for (const { at, isBad } of ofKind) {
      const place = Math.floor(at / stepMs) - oldest;
      if (place < 0 || place >= count) continue;
      values[place]! += 1;
      if (isBad) bad[place]! += 1;
    }
    return { kind, values, bad, sum: values.reduce((sum, value) => sum + value, 0) };
  });
  const starts = Array.from({ length: count }, (_, place) => (oldest + place) * stepMs);
  return { stepMs, starts, rows: rows.toSorted((a, b) => b.sum - a.sum) };
}
