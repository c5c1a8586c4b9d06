import { errors } from "./errors.ts";

const SPAN = /^([1-9]\d{0,5})([dhm])$/;
const SPAN_UNIT_MS: Readonly<Record<string, number>> = { d: 86_400_000, h: 3_600_000, m: 60_000 };
const DATE = /^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2})?(Z|[+-]\d{2}:\d{2})?)?$/;

/** A span such as `90d`, `12h`, `30m`, in milliseconds. Throws Refusal cli/BadValue. */
export function parseSpan(option: string, text: string): number {
  const span = spanIn(text);
  if (span === undefined) throw errors.BadValue({ option, value: text, reason: "a span such as 7d, 12h or 90m" });
  return span;
}

function spanIn(text: string): number | undefined {
  const [, amount, unit] = SPAN.exec(text) ?? [];
  return amount === undefined || unit === undefined ? undefined : Number(amount) * SPAN_UNIT_MS[unit]!;
}

/**
 * A moment that a user names: a date (its beginning, in UTC), a time, or a span from now such as `90d`, `12h`, `30m`. Milliseconds since 1970.
 * Throws Refusal cli/BadDate.
 */
export function parseMoment(text: string, now: number): number {
  const span = spanIn(text);
  if (span !== undefined) return now + span;
  // Without an offset a time would mean another moment on every machine.
  const zoned = /T[^Z+-]*$/.test(text) ? `${text}Z` : text;
  const moment = DATE.test(text) ? Date.parse(zoned) : Number.NaN;
  if (Number.isNaN(moment) || !isDay(text.slice(0, 10))) throw errors.BadDate({ value: text });
  return moment;
}

/** Whether the calendar has a day that reads as a date: 31 February would be taken for 3 March. */
function isDay(date: string): boolean {
  return new Date(Date.parse(date)).toISOString().startsWith(date);
}
