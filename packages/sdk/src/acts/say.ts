import { calm, inert } from "./inert.ts";
import type { Language } from "./language.ts";
import type { Vocabulary } from "./vocabulary.ts";

/** What the one who looks calls an account, a record or a compartment of this id; undefined when it is unknown. */
export type Names = (id: string) => string | undefined;

/** The organisations to which custodians belong, by the custodians' accounts, as the ledger states. */
export type Custodians = ReadonlyMap<string, string>;

/** How the parts of an act are said in one language. Everything that comes from outside is made inert here. */
export interface Say {
  /** A name, or the beginning of an id that nobody knows by name. */
  id(id: string): string;
  /** All of them: what is not named could be the one that matters. */
  ids(ids: readonly string[]): string;
  /** All of them by their names: labels come sorted by themselves, which puts what is always the same in another order for everybody. */
  labels(labels: readonly string[]): string;
  /** The first ones, the rest counted: for what opens nothing by itself. */
  firstIds(ids: readonly string[]): string;
  /** A hash or key, whole: its beginning alone can be made to fit. */
  hash(hash: string): string;
  /** Custodians by their organisations, and, for themselves, those of whom the ledger names none; all by their accounts where nobody asked it. */
  custodians(accounts: readonly string[]): readonly (string | undefined)[];
  term<Code extends string>(vocabulary: Vocabulary<Code>, code: Code): string;
  terms<Code extends string>(vocabulary: Vocabulary<Code>, codes: readonly Code[]): string;
  /** A text from a message, whole: its schema limits it. */
  text(text: string): string;
  /** Block time, milliseconds since 1970, to the minute in UTC: the same words on every machine. */
  time(at: number): string;
  duration(milliseconds: number): string;
  number(value: number): string;
}

/** 80 bits: accounts are hashes over a salt that who founds one chooses, and one whose id begins like a known one must not be within reach. */
const SHORT_ID = 20;
const FIRST_IDS = 8;

/** How things are said in `language` by somebody who knows these names, and whose custodians these accounts are. */
export function createSay(language: Language, names: Names, custodians?: Custodians): Say {
  const words = wording[language];
  const id = (one: string) => {
    const name = names(one);
    return name === undefined ? inert(`${one.slice(0, SHORT_ID)}…`) : words.quoted(inert(name));
  };
  const ids = (many: readonly string[]) => many.map(id).join(words.comma);
  return {
    id,
    ids,
    labels: (many) => many.map(id).toSorted().join(words.comma),
    firstIds(many) {
      const rest = many.length - FIRST_IDS;
      return [...many.slice(0, FIRST_IDS).map(id), ...(rest > 0 ? [words.more(rest)] : [])].join(words.comma);
    },
    hash: inert,
    custodians(accounts) {
      if (!custodians) return [words.custodians(ids(accounts))];
      const organisations = accounts.flatMap((account) => custodians.get(account) ?? []);
      const others = accounts.filter((account) => !custodians.has(account));
      return [
        organisations.length === 0 ? undefined : words.custodiansOf(ids(organisations)),
        others.length === 0 ? undefined : words.nobodysCustodians(ids(others)),
      ];
    },
    term: (vocabulary, code) => vocabulary[code]?.[language] ?? inert(code),
    terms: (vocabulary, codes) => codes.map((code) => vocabulary[code]?.[language] ?? inert(code)).join(words.comma),
    text: (text) => words.quoted(calm(text)),
    time: (at) => words.time(new Date(at)),
    duration: (milliseconds) => words.duration(...largestUnit(milliseconds)),
    number: grouped,
  };
}

type Unit = "day" | "hour" | "minute" | "second";
const units: readonly (readonly [unit: Unit, milliseconds: number])[] = [
  ["day", 86_400_000],
  ["hour", 3_600_000],
  ["minute", 60_000],
  ["second", 1_000],
];

/** In the largest unit that divides it; rounded to seconds otherwise. */
function largestUnit(milliseconds: number): [count: number, unit: Unit] {
  const [unit, size] = units.find(([, one]) => milliseconds >= one && milliseconds % one === 0) ?? units.at(-1)!;
  return [Math.round(milliseconds / size), unit];
}

/** 1234567 -> 1,234,567; the same in both languages. */
function grouped(value: number): string {
  return String(value).replaceAll(/\B(?=(\d{3})+$)/g, ",");
}

interface Wording {
  readonly comma: string;
  quoted(text: string): string;
  more(count: number): string;
  custodians(accounts: string): string;
  custodiansOf(organisations: string): string;
  nobodysCustodians(accounts: string): string;
  time(at: Date): string;
  duration(count: number, unit: Unit): string;
}

const MONTHS = "January February March April May June July August September October November December".split(" ");
const CHINESE_UNITS: Readonly<Record<Unit, string>> = { day: "天", hour: "小时", minute: "分钟", second: "秒" };
const clock = (at: Date) => at.toISOString().slice(11, 16);

/** Quotation marks inside would end the name, and what follows be taken for our words. */
const quoted = (text: string) => `“${text.replaceAll(/[“”]/g, '"')}”`;

/** Not the platform's own formats: they differ between versions, and what is signed must read the same everywhere. */
const wording: Readonly<Record<Language, Wording>> = {
  en: {
    comma: ", ",
    quoted,
    more: (count) => `and ${count} more`,
    custodians: (accounts) => `Custodians: ${accounts}`,
    custodiansOf: (organisations) => `Custodians: those of ${organisations}`,
    nobodysCustodians: (accounts) => `Custodians of whom the ledger does not say whose they are: ${accounts}`,
    time: (at) => `${at.getUTCDate()} ${MONTHS[at.getUTCMonth()]} ${at.getUTCFullYear()}, ${clock(at)} UTC`,
    duration: (count, unit) => `${grouped(count)} ${unit}${count === 1 ? "" : "s"}`,
  },
  "zh-CN": {
    comma: "、",
    quoted,
    more: (count) => `另有 ${count} 项`,
    custodians: (accounts) => `保管人：${accounts}`,
    custodiansOf: (organisations) => `保管人所属机构：${organisations}`,
    nobodysCustodians: (accounts) => `账本未载明所属机构的保管人：${accounts}`,
    time: (at) => `${at.getUTCFullYear()}年${at.getUTCMonth() + 1}月${at.getUTCDate()}日 ${clock(at)}（UTC）`,
    duration: (count, unit) => `${grouped(count)} ${CHINESE_UNITS[unit]}`,
  },
};
