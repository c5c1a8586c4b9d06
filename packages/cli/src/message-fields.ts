import { AccountId } from "@galen/ledger/schema/types";
import type { Command } from "commander";
import { errors } from "./errors.ts";
import { accountOf } from "./wallet/look-up.ts";
import type { AddressBook } from "./wallet/wallet.ts";

/** What is read of a schema to make flags of its fields. */
interface ObjectWords {
  readonly properties: Readonly<
    Record<string, { readonly type?: string; readonly description?: string; readonly enum?: readonly string[] }>
  >;
  readonly required?: readonly string[];
}

/** Flags of a verb whose fields come from a schema, as commander gives them. */
export type Fields = Readonly<Record<string, unknown>> & { readonly value?: string };

/** One flag for each field of the schema; `--value` takes all of them at once as JSON. */
export function withFields(command: Command, schema: object): Command {
  const { properties, required = [] } = wordsOf(schema);
  for (const [name, { type, description, enum: choices }] of Object.entries(properties)) {
    const facts = [
      choices?.join(", ") ?? description,
      type === "string" || type === "integer" ? undefined : "as JSON",
      required.includes(name) ? undefined : "optional",
    ];
    command.option(`--${flagOf(name)} <${type === "integer" ? "number" : "value"}>`, facts.filter((fact) => fact !== undefined).join("; "));
  }
  return command.option("--value <json>", "all fields as one JSON object");
}

/** The fields that were given, as values of the schema. Throws Refusal cli/BadValue, cli/UnknownName. */
export function fieldsOf(schema: object, flags: Fields, wallet: AddressBook): Record<string, unknown> {
  const given = Object.entries(wordsOf(schema).properties).flatMap(([name, words]) => {
    const text = flags[name];
    return typeof text === "string" ? [[name, fieldValue(words, text, { name, wallet })]] : [];
  });
  return { ...(flags.value === undefined ? {} : (parseJson(flags.value, "--value") as object)), ...Object.fromEntries(given) };
}

/** A value that is written as JSON. Throws Refusal cli/BadValue. */
export function parseJson(text: string, option: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw errors.BadValue({ option, reason: "well-formed JSON" });
  }
}

function wordsOf(schema: object): ObjectWords {
  return schema as ObjectWords;
}

/** `objectIds` -> `object-ids`. */
function flagOf(name: string): string {
  return name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}

function fieldValue(
  { type, description }: ObjectWords["properties"][string],
  text: string,
  { name, wallet }: { name: string; wallet: AddressBook },
): unknown {
  // An account may be named as the wallet names it.
  if (type === "string") return description === describedAs(AccountId) ? accountOf(wallet, text) : text;
  return parseJson(text, `--${flagOf(name)}`);
}

function describedAs(schema: object): string | undefined {
  return (schema as { readonly description?: string }).description;
}
