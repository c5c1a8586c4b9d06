import { SchemaError } from "../schema/schema-error.ts";
import { int32, int64 } from "./kinds.ts";
import { type Message, message, one, type ValueOf } from "./message.ts";

const NANOS_PER_SECOND = 1_000_000_000;
const NANOS_PER_MS = 1_000_000;
const SECONDS_PER_DAY = 86_400;
const DAYS_PER_ERA = 146_097; // 400 Gregorian years
const DAYS_BEFORE_1970 = 719_468; // from 1 March of year 0

/** 0001-01-01T00:00:00Z, the zero of Go's clock: the time of a signature that is not there. */
const MIN_SECONDS = -62_135_596_800;
/** 9999-12-31T23:59:59Z, the last second that RFC 3339 can write. */
const MAX_SECONDS = 253_402_300_799;

const wire = message({
  seconds: one(1, "seconds", int64(MIN_SECONDS, MAX_SECONDS)),
  nanos: one(2, "nanos", int32(NANOS_PER_SECOND - 1)),
});

/** A moment in UTC: whole seconds since 1970 and 0 ≤ nanos < 10^9. Years 1 to 9999. Exact, because signatures cover the nanoseconds. */
export type Timestamp = ValueOf<typeof wire>;

/** google.protobuf.Timestamp on the wire, RFC 3339 text in JSON. */
export const Timestamp: Message<Timestamp> = {
  ...wire,
  toJson: formatTimestamp,
  fromJson(json) {
    if (typeof json !== "string") throw new SchemaError("a time as text is needed");
    return parseTimestamp(json);
  },
};

/** Go's zero time, which CometBFT writes where there is no time. */
export const zeroTime: Timestamp = { seconds: MIN_SECONDS, nanos: 0 };

const RFC_3339 = /^(\d{4})-(\d{2})-(\d{2})T(\d{2}):(\d{2}):(\d{2})(?:\.(\d{1,9}))?Z$/;

/** Reads RFC 3339 in UTC with up to nine digits of fraction. Throws SchemaError on another form or a date that does not exist. */
export function parseTimestamp(text: string): Timestamp {
  const match = RFC_3339.exec(text);
  const [year, month, day, hour, minute, second] = (match ?? []).slice(1, 7).map(Number) as [
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  if (!match || hour > 23 || minute > 59 || second > 59) throw new SchemaError("a time as in 2026-01-31T08:30:00.123456789Z is needed");

  const days = daysFromDate(year, month, day);
  const date = dateFromDays(days);
  if (year < 1 || date.month !== month || date.day !== day) throw new SchemaError("a date that exists is needed");
  return { seconds: days * SECONDS_PER_DAY + hour * 3600 + minute * 60 + second, nanos: Number((match[7] ?? "").padEnd(9, "0")) };
}

/** RFC 3339 in UTC, fraction without trailing zeros: the one form that Go writes. */
export function formatTimestamp({ seconds, nanos }: Timestamp): string {
  const days = Math.floor(seconds / SECONDS_PER_DAY);
  const second = seconds - days * SECONDS_PER_DAY;
  const { year, month, day } = dateFromDays(days);
  const date = `${pad(year, 4)}-${pad(month, 2)}-${pad(day, 2)}`;
  const time = `${pad(Math.floor(second / 3600), 2)}:${pad(Math.floor(second / 60) % 60, 2)}:${pad(second % 60, 2)}`;
  const fraction = nanos === 0 ? "" : `.${pad(nanos, 9).replace(/0+$/, "")}`;
  return `${date}T${time}${fraction}Z`;
}

/** Whole milliseconds since 1970, rounded down: `BlockTime` on the ledger. */
export function toMilliseconds({ seconds, nanos }: Timestamp): number {
  return seconds * 1000 + Math.floor(nanos / NANOS_PER_MS);
}

/** The moment `milliseconds` after 1970 (an integer). */
export function fromMilliseconds(milliseconds: number): Timestamp {
  const seconds = Math.floor(milliseconds / 1000);
  return { seconds, nanos: (milliseconds - seconds * 1000) * NANOS_PER_MS };
}

/** Negative, zero or positive as `a` lies before, at or after `b`. */
export function compareTimestamps(a: Timestamp, b: Timestamp): number {
  return a.seconds - b.seconds || a.nanos - b.nanos;
}

/** The moment `milliseconds` (an integer) after `time`. */
export function addMilliseconds(time: Timestamp, milliseconds: number): Timestamp {
  const added = fromMilliseconds(milliseconds);
  const nanos = time.nanos + added.nanos;
  const carry = Math.floor(nanos / NANOS_PER_SECOND);
  return { seconds: time.seconds + added.seconds + carry, nanos: nanos - carry * NANOS_PER_SECOND };
}

// Proleptic Gregorian calendar counted in years that begin on 1 March, so that the leap day comes last
// (H. Hinnant, "chrono-Compatible Low-Level Date Algorithms", days_from_civil and civil_from_days).
function daysFromDate(year: number, month: number, day: number): number {
  const marchYear = month > 2 ? year : year - 1;
  const era = Math.floor(marchYear / 400);
  const yearOfEra = marchYear - era * 400;
  const dayOfYear = Math.floor((153 * ((month + 9) % 12) + 2) / 5) + day - 1;
  const dayOfEra = yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear;
  return era * DAYS_PER_ERA + dayOfEra - DAYS_BEFORE_1970;
}

function dateFromDays(days: number): { year: number; month: number; day: number } {
  const shifted = days + DAYS_BEFORE_1970;
  const era = Math.floor(shifted / DAYS_PER_ERA);
  const dayOfEra = shifted - era * DAYS_PER_ERA;
  const leapDays = Math.floor(dayOfEra / 1460) - Math.floor(dayOfEra / 36_524) + Math.floor(dayOfEra / 146_096);
  const yearOfEra = Math.floor((dayOfEra - leapDays) / 365);
  const dayOfYear = dayOfEra - (yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const marchMonth = Math.floor((5 * dayOfYear + 2) / 153);
  const month = marchMonth < 10 ? marchMonth + 3 : marchMonth - 9;
  const year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0);
  return { year, month, day: dayOfYear - Math.floor((153 * marchMonth + 2) / 5) + 1 };
}

function pad(value: number, width: number): string {
  return `${value}`.padStart(width, "0");
}
