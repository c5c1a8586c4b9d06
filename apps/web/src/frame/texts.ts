import { createInstance, type i18n as I18n } from "i18next";
import { useTranslation } from "react-i18next";

/** Languages of the app, each with its own name for itself. */
export const languages = { en: "English", "zh-CN": "简体中文" } as const;
export type Language = keyof typeof languages;

const STORED = "galen.language";

export const i18n: I18n = createInstance();
void i18n.init({
  lng: firstLanguage(),
  fallbackLng: false,
  initAsync: false,
  resources: {},
  keySeparator: false,
  nsSeparator: false,
  // React writes texts as texts; escaping twice would show.
  interpolation: { escapeValue: false },
});

function firstLanguage(): Language {
  const stored = globalThis.localStorage?.getItem(STORED);
  if (stored === "en" || stored === "zh-CN") return stored;
  return globalThis.navigator?.language.toLowerCase().startsWith("zh") ? "zh-CN" : "en";
}

/** Changes the language of the page and remembers it. */
export async function setLanguage(language: Language): Promise<void> {
  localStorage.setItem(STORED, language);
  document.documentElement.lang = language;
  await i18n.changeLanguage(language);
}

export function currentLanguage(): Language {
  return i18n.language as Language;
}

/** Texts of a feature: keys of one namespace in every language. Where a number decides, English has `key_one` and `key_other`, Chinese `key_other`. */
export interface Texts<Keys extends string = string> {
  readonly namespace: string;
  readonly keys: readonly Keys[];
  readonly en: Readonly<Record<string, string>>;
  readonly zh: Readonly<Record<string, string>>;
}

type Singular = `${string}_one`;
type InChinese<Keys extends string> = Readonly<Record<Exclude<Keys, Singular>, string>>;
/** What a caller names: `documents`, whether or not a number decides. */
export type TextKey<Keys extends string> = Keys extends `${infer Stem}_${"one" | "other"}` ? Stem : Keys;

/** Registers the texts of a feature. The compiler refuses a key that one language lacks. */
export function defineTexts<const En extends Readonly<Record<string, string>>>(
  namespace: string,
  { en, zh }: { readonly en: En; readonly zh: InChinese<keyof En & string> },
): Texts<TextKey<keyof En & string>> {
  i18n.addResourceBundle("en", namespace, en);
  i18n.addResourceBundle("zh-CN", namespace, zh);
  return { namespace, keys: Object.keys(en) as TextKey<keyof En & string>[], en, zh };
}

/** Values for the places of a text; `count` chooses between singular and plural. */
export type TextValues = Readonly<Record<string, string | number>>;
export type Translate<Keys extends string> = (key: Keys, values?: TextValues) => string;

/** The texts in the language of the moment; the component follows when it changes. */
export function useTexts<Keys extends string>({ namespace }: Texts<Keys>): Translate<Keys> {
  const { t } = useTranslation(namespace, { i18n });
  return t as unknown as Translate<Keys>;
}

/** Outside of components. */
export function translate<Keys extends string>({ namespace }: Texts<Keys>, key: Keys, values?: TextValues): string {
  return (i18n.t as unknown as Translate<string>)(key, { ...values, ns: namespace });
}
