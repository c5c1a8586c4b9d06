import { env, stderr } from "node:process";
import type { DescribeOptions } from "@galen/sdk/acts/describe-act";
import { actText, type DescribedBody, describeBody } from "@galen/sdk/acts/describe-body";
import { type InEvery, type Language, languages } from "@galen/sdk/acts/language";
import type { Command } from "commander";
import { errors } from "../errors.ts";
import type { AddressBook } from "../wallet/wallet.ts";

/** What acts name: accounts by the wallet, areas of records as far as their labels are known. */
export interface Known {
  readonly wallet: AddressBook;
  readonly areas?: ReadonlyMap<string, string>;
}

/** How acts are told: with the names that are known here, in the language that was asked for. */
export function tellingOf({ wallet, areas }: Known, language: Language): DescribeOptions {
  const entries = wallet.entries();
  const called = new Map(entries.map(({ account, name }) => [account, name]));
  const custodians = new Map(entries.map(({ custodian, name }) => [custodian, custodianWords[language](name)]));
  return { language, names: (id) => called.get(id) ?? custodians.get(id) ?? areas?.get(id) };
}

const custodianWords: InEvery<(organisation: string) => string> = {
  en: (organisation) => `custodian of ${organisation}`,
  "zh-CN": (organisation) => `${organisation}的保管人`,
};

/** Adds `--language`. */
export function withLanguage(command: Command): Command {
  return command.option("--language <language>", `in which acts are told: ${languages.join(", ")}; else GALEN_LANGUAGE, LANG`);
}

/** The language that was asked for, or that of the environment. Throws Refusal cli/BadValue. */
export function parseLanguage(text = env.GALEN_LANGUAGE ?? (env.LANG?.startsWith("zh") ? "zh-CN" : "en")): Language {
  const found = languages.find((language) => language === text);
  if (found === undefined) throw errors.BadValue({ option: "--language", value: text, reason: `one of ${languages.join(", ")}` });
  return found;
}

/** Shows what is about to be signed, on standard error, so that answers stay clean. */
export function showBeforeSigning(options: DescribeOptions): (bodyBytes: Uint8Array) => void {
  return (bodyBytes) => {
    stderr.write(`${bodyText(describeBody(bodyBytes, options))}\n\n`);
  };
}

function bodyText({ acts, frame }: DescribedBody): string {
  return [...acts.flatMap(actText), ...frame.map((line) => `  ${line}`)].join("\n");
}
