import { useSyncExternalStore } from "react";
import { keptByBrowser } from "../storage/kept.ts";

/** Languages of the app, each with its own name for itself. */
export const languages = { en: "English", "zh-CN": "简体中文" } as const;
export type Language = keyof typeof languages;

const STORED = "galen.language";

let current: Language = firstLanguage();
/** How often what is shown has changed: by another language, or by texts that arrived later. */
let changes = 0;
const listeners = new Set<() => void>();
const plurals: Readonly<Record<Language, Intl.PluralRules>> = { en: new Intl.PluralRules("en"), "zh-CN": new Intl.PluralRules("zh-CN") };

function firstLanguage(): Language {
  const stored = keptByBrowser.get(STORED);
  if (stored === "en" || stored === "zh-CN") return stored;
  return globalThis.navigator?.language.toLowerCase().startsWith("zh") ? "zh-CN" : "en";
}

/** Changes the language of the page and remembers it. */
export function setLanguage(language: Language): void {
  keptByBrowser.set(STORED, language);
  document.documentElement.lang = language;
  current = language;
  tellChange();
}

/** Shows texts anew that were shown before all of their words had been loaded. */
export function tellChange(): void {
  changes += 1;
  for (const listener of listeners) listener();
}

export function currentLanguage(): Language {
  return current;
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** The language of the moment; the component follows when it changes. */
export function useLanguage(): Language {
  return useSyncExternalStore(subscribe, currentLanguage);
}

/** Texts of a feature in every language. Where a number decides, English has `key_one` and `key_other`, Chinese `key_other`. */
export interface Texts<Keys extends string = string> {
  readonly keys: readonly Keys[];
  readonly en: Readonly<Record<string, string>>;
  readonly zh: Readonly<Record<string, string>>;
}

type Singular = `${string}_one`;
type InChinese<Keys extends string> = Readonly<Record<Exclude<Keys, Singular>, string>>;
/** What a caller names: `documents`, whether or not a number decides. */
export type TextKey<Keys extends string> = Keys extends `${infer Stem}_${"one" | "other"}` ? Stem : Keys;

/** The texts of a feature. The compiler refuses a key that one language lacks. */
export function defineTexts<const En extends Readonly<Record<string, string>>>({
  en,
  zh,
}: {
  readonly en: En;
  readonly zh: InChinese<keyof En & string>;
}): Texts<TextKey<keyof En & string>> {
  return { keys: Object.keys(en) as TextKey<keyof En & string>[], en, zh };
}

/** Values for the `{{places}}` of a text; `count` chooses between singular and plural. */
export type TextValues = Readonly<Record<string, string | number>>;
export type Translate<Keys extends string> = (key: Keys, values?: TextValues) => string;

/** The texts in the language of the moment. */
export function useTexts<Keys extends string>(texts: Texts<Keys>): Translate<Keys> {
  useSyncExternalStore(subscribe, () => changes);
  return (key, values) => say(texts, current, key, values);
}

/** Outside of components. */
export function translate<Keys extends string>(texts: Texts<Keys>, key: Keys, values?: TextValues): string {
  return say(texts, current, key, values);
}

function say({ en, zh }: Texts, language: Language, key: string, values: TextValues = {}): string {
  const texts = language === "en" ? en : zh;
  const count = values.count;
  const counted = typeof count === "number" ? texts[`${key}_${plurals[language].select(count)}`] : undefined;
  const text = counted ?? texts[key] ?? key;
  // A value stands as it is: what looks like a place in it is none.
  return text.replaceAll(/\{\{(\w+)\}\}/g, (place, name: string) => String(values[name] ?? place));
}
