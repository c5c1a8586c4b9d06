import type { ReleaseCount } from "@galen/sdk/records/release-counts";

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

  const counted = happenings.map(({ at, kind, isBad }) => ({
    place: Math.floor(at / stepMs) - oldest,
    kind,
    good: isBad ? 0 : 1,
    bad: isBad ? 1 : 0,
  }));
  return { stepMs, starts: startsFrom(oldest * stepMs, { stepMs, count }), rows: rowsOf(counted, count) };
}

interface Counted {
  /** Number of the stretch; those outside are left out. */
  readonly place: number;
  readonly kind: string;
  readonly good: number;
  readonly bad: number;
}

function rowsOf(counted: readonly Counted[], count: number): Tally["rows"] {
  const rows = [...Map.groupBy(counted, ({ kind }) => kind)].map(([kind, ofKind]) => {
    const [values, bads] = [Array.from({ length: count }, () => 0), Array.from({ length: count }, () => 0)];
    for (const { place, good, bad } of ofKind) {
      if (place < 0 || place >= count) continue;
      values[place]! += good + bad;
      bads[place]! += bad;
    }
    return { kind, values, bad: bads, sum: values.reduce((sum, value) => sum + value, 0) };
  });
  return rows.toSorted((one, other) => other.sum - one.sum);
}

function startsFrom(first: number, { stepMs, count }: Span): readonly number[] {
  return Array.from({ length: count }, (_, place) => first + place * stepMs);
}

/** A span of the past that is looked at, in stretches of equal length, the last of which holds `now`. */
export interface Span {
  readonly stepMs: number;
  readonly count: number;
}

/** When the first stretch of a span begins. */
export function startOf({ stepMs, count }: Span, now: number): number {
  return (Math.floor(now / stepMs) - count + 1) * stepMs;
}

/** Counts of a node as a tally; `nameOf` brings kinds together that have one name. */
export function tallyOf(
  counts: readonly ReleaseCount[],
  { span, now, nameOf }: { readonly span: Span; readonly now: number; readonly nameOf: (kind: string) => string },
): Tally {
  const first = startOf(span, now);
  const counted = counts.map(({ start, kind, opened, refused }) => {
    return { place: (start - first) / span.stepMs, kind: nameOf(kind), good: opened, bad: refused };
  });
  return { stepMs: span.stepMs, starts: startsFrom(first, span), rows: rowsOf(counted, span.count) };
}
