import { type Language, useLanguage } from "./texts.ts";

/** Dates and numbers as the reader's language writes them. Times are milliseconds since 1970. */
export interface Formats {
  date(at: number): string;
  /** A day, month or year as records give it (`2019-03-07`, `2019-03`, `2019`): the same in every time zone. What is none stays as it is. */
  day(day: string): string;
  dateTime(at: number): string;
  /** To the second. */
  instant(at: number): string;
  time(at: number): string;
  month(at: number): string;
  /** Such as "in 3 days", "2 hours ago". */
  distance(at: number, now: number): string;
  number(value: number): string;
  bytes(value: number): string;
  list(items: readonly string[]): string;
  /** One sentence after the other, those left out that are not there. */
  sentences(...sentences: readonly (string | false | undefined)[]): string;
}

const MINUTE_MS = 60_000;
const units = [
  ["year", 365 * 24 * 60 * MINUTE_MS],
  ["month", 30 * 24 * 60 * MINUTE_MS],
  ["day", 24 * 60 * MINUTE_MS],
  ["hour", 60 * MINUTE_MS],
  ["minute", MINUTE_MS],
] as const;

const byLanguage = new Map<string, Formats>();

/** Each is made when it is asked for: a page needs two or three, and a phone takes some milliseconds for one. */
function once<T>(make: () => T): () => T {
  let made: T | undefined;
  return () => (made ??= make());
}

function createFormats(language: string): Formats {
  const date = once(() => new Intl.DateTimeFormat(language, { dateStyle: "long" }));
  const zoneless = { timeZone: "UTC" } as const;
  const day = once(() => new Intl.DateTimeFormat(language, { dateStyle: "long", ...zoneless }));
  const monthOfYear = once(() => new Intl.DateTimeFormat(language, { year: "numeric", month: "long", ...zoneless }));
  const year = once(() => new Intl.DateTimeFormat(language, { year: "numeric", ...zoneless }));
  const ofLength = new Map([
    ["2019-03-07".length, day],
    ["2019-03".length, monthOfYear],
    ["2019".length, year],
  ]);
  const dateTime = once(() => new Intl.DateTimeFormat(language, { dateStyle: "medium", timeStyle: "short" }));
  const instant = once(() => new Intl.DateTimeFormat(language, { dateStyle: "medium", timeStyle: "medium" }));
  const time = once(() => new Intl.DateTimeFormat(language, { timeStyle: "short" }));
  const month = once(() => new Intl.DateTimeFormat(language, { year: "numeric", month: "long" }));
  const relative = once(() => new Intl.RelativeTimeFormat(language, { numeric: "auto" }));
  const number = once(() => new Intl.NumberFormat(language, { maximumFractionDigits: 2 }));
  const kilobytes = once(() => new Intl.NumberFormat(language, { style: "unit", unit: "kilobyte", maximumFractionDigits: 0 }));
  const list = once(() => new Intl.ListFormat(language, { type: "conjunction" }));
  return {
    date: (at) => date().format(at),
    day(text) {
      const [format, at] = [ofLength.get(text.length), Date.parse(text)];
      return format === undefined || Number.isNaN(at) ? text : format().format(at);
    },
    dateTime: (at) => dateTime().format(at),
    instant: (at) => instant().format(at),
    time: (at) => time().format(at),
    month: (at) => month().format(at),
    distance(at, now) {
      const [unit, sizeMs] = units.find(([, size]) => Math.abs(at - now) >= size) ?? units.at(-1)!;
      return relative().format(Math.trunc((at - now) / sizeMs), unit);
    },
    number: (value) => number().format(value),
    bytes: (value) => kilobytes().format(Math.max(1, value / 1_000)),
    list: (items) => list().format(items),
    sentences: (...sentences) => sentences.filter(Boolean).join(language === "en" ? " " : ""),
  };
}

/** The formats of the language of the moment. */
export function useFormats(): Formats {
  return formatsOf(useLanguage());
}

export function formatsOf(language: Language): Formats {
  const known = byLanguage.get(language) ?? createFormats(language);
  byLanguage.set(language, known);
  return known;
}
