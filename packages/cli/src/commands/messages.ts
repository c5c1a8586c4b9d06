import { AccountId } from "@galen/ledger/schema/types";
import { createClient } from "@galen/sdk/client/client";
import { query } from "@galen/sdk/client/query";
import { rules } from "@galen/sdk/client/rules";
import { submit } from "@galen/sdk/transactions/submit";
import type { Command } from "commander";
import { errors } from "../errors.ts";
import { actorOf, openSession } from "../session.ts";
import type { Answer } from "../terminal/answer.ts";
import { addVerb, type VerbOptions } from "../verb.ts";
import { accountOf } from "../wallet/look-up.ts";
import { hasWallet, type Wallet } from "../wallet/wallet.ts";

/** What is read of a schema to make flags of its fields. */
interface ObjectWords {
  readonly properties: Readonly<
    Record<string, { readonly type?: string; readonly description?: string; readonly enum?: readonly string[] }>
  >;
  readonly required?: readonly string[];
}

/** `galen tx` and `galen query`: every message and query of the ledger, with flags made from its schema. */
export function addMessages(program: Command): void {
  const tx = program.command("tx").description("send any message of the ledger; `galen tx --help` lists them");
  for (const { type, summary, schema } of rules.messages.values()) {
    addVerb<Fields & { readonly as: string[] }>(tx, {
      usage: type,
      summary,
      example: `galen tx ${type} --as NAME --value '{…}'`,
      options: (command) => withFields(command.requiredOption("--as <names...>", "who signs; the first acts"), wordsOf(schema)),
      run: (flags) => send(type, wordsOf(schema), flags),
    });
  }
  const queries = program.command("query").description("ask the ledger anything; `galen query --help` lists the questions");
  for (const { name, summary, parameters } of rules.queries.values()) {
    addVerb<Fields>(queries, {
      usage: name,
      summary,
      example: `galen query ${name} --value '{…}'`,
      options: (command) => withFields(command, wordsOf(parameters)),
      run: (flags) => ask(name, wordsOf(parameters), flags),
    });
  }
}

type Fields = Readonly<Record<string, unknown>> & { readonly value?: string };

function wordsOf(schema: object): ObjectWords {
  return schema as ObjectWords;
}

/** One flag for each field; `--value` takes all of them at once as JSON. */
function withFields(command: Command, { properties, required = [] }: ObjectWords): Command {
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

/** `objectIds` -> `object-ids`. */
function flagOf(name: string): string {
  return name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}

async function send(type: string, words: ObjectWords, { as, ...flags }: Fields & { as: string[] } & VerbOptions): Promise<Answer> {
  const session = await openSession(flags);
  const actors = await Promise.all(as.map((name) => actorOf(session, name)));
  const executed = await submit(session.client, { actors, messages: [{ type, value: fieldsOf(words, flags, session.wallet) }] });
  const { txHash, height, events } = executed;
  const lines = events.map((event) => `  ${event.type} ${JSON.stringify(event.data)}`);
  return { json: executed, text: [`In block ${height} as ${txHash}`, ...lines].join("\n") };
}

async function ask(name: string, words: ObjectWords, flags: Fields & VerbOptions): Promise<Answer> {
  // Who has no wallet yet may ask as well; only names of accounts need one.
  const { client, wallet } = (await hasWallet(flags.wallet))
    ? await openSession(flags)
    : { client: createClient(flags), wallet: undefined };
  const answer = await query<unknown>(client, name, fieldsOf(words, flags, wallet));
  return { json: answer, text: JSON.stringify(answer.result, undefined, 2) };
}

function fieldsOf({ properties }: ObjectWords, flags: Fields, wallet: Wallet | undefined): Record<string, unknown> {
  const given = Object.entries(properties).flatMap(([name, words]) => {
    const text = flags[name];
    return typeof text === "string" ? [[name, fieldValue(words, text, { name, wallet })]] : [];
  });
  return { ...parseValue(flags.value), ...Object.fromEntries(given) };
}

function describedAs(schema: object): string | undefined {
  return (schema as { readonly description?: string }).description;
}

function parseValue(text: string | undefined): Record<string, unknown> {
  return text === undefined ? {} : (parseJson(text, "--value") as Record<string, unknown>);
}

function fieldValue(
  { type, description }: ObjectWords["properties"][string],
  text: string,
  { name, wallet }: { name: string; wallet: Wallet | undefined },
): unknown {
  // An account may be named as the wallet names it.
  if (type === "string") return wallet && description === describedAs(AccountId) ? accountOf(wallet, text) : text;
  return parseJson(text, `--${flagOf(name)}`);
}

function parseJson(text: string, option: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw errors.BadValue({ option, reason: "well-formed JSON" });
  }
}
