/** Languages in which acts are told. */
export const languages = ["en", "zh-CN"] as const;
export type Language = (typeof languages)[number];

/** One thing said in every language. */
export type InEvery<T> = { readonly [L in Language]: T };
