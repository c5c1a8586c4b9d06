import { env, stderr } from "node:process";
import type { DescribeOptions } from "@galen/sdk/acts/describe-act";
import { actText, type DescribedBody, describeBody } from "@galen/sdk/acts/describe-body";
import { type Language, languages } from "@galen/sdk/acts/language";
import type { Client } from "@galen/sdk/client/client";
import { rules } from "@galen/sdk/client/rules";
import { custodianOrganisations, custodiansIn } from "@galen/sdk/custody/custodian-organisations";
import type { Command } from "commander";
import { errors } from "../errors.ts";
import type { AddressBook } from "../wallet/wallet.ts";

/** What acts name: accounts by the wallet, areas of records as far as their labels are known, custodians by what the ledger states. */
export interface Known {
  readonly wallet: AddressBook;
  readonly areas?: ReadonlyMap<string, string>;
  readonly custodians?: ReadonlyMap<string, string>;
}

/** How acts are told: with the names that are known here, in the language that was asked for. */
export function tellingOf({ wallet, areas, custodians }: Known, language: Language): DescribeOptions {
  const called = new Map(wallet.entries().map(({ account, name }) => [account, name]));
  return { language, names: (id) => called.get(id) ?? areas?.get(id), ...(custodians && { custodians }) };
}

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

/** Shows what is about to be signed, on standard error, so that answers stay clean. The client asks the ledger whose the custodians are that are named. */
export function showBeforeSigning(client: () => Client, options: DescribeOptions): (bodyBytes: Uint8Array) => Promise<void> {
  return async (bodyBytes) => {
    const { messages } = rules.codec.decodeBody(bodyBytes);
    const custodians = await custodianOrganisations(client(), custodiansIn(messages, options));
    stderr.write(`${bodyText(describeBody(bodyBytes, { ...options, custodians }))}\n\n`);
  };
}

function bodyText({ acts, frame }: DescribedBody): string {
  return [...acts.flatMap(actText), ...frame.map((line) => `  ${line}`)].join("\n");
}
