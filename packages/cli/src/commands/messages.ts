import { query } from "@galen/sdk/client/query";
import { rules } from "@galen/sdk/client/rules";
import { submit } from "@galen/sdk/transactions/submit";
import type { Command } from "commander";
import { type Fields, fieldsOf, withFields } from "../message-fields.ts";
import { openReading, openSession } from "../session.ts";
import { type SigningFlags, signingOf } from "../signing.ts";
import type { Answer } from "../terminal/answer.ts";
import { withLanguage } from "../terminal/words.ts";
import { addVerb, type VerbOptions } from "../verb.ts";

/** `galen tx`: every message of the ledger, with flags made from its schema. */
export function addTx(program: Command): void {
  const tx = program.command("tx").description("send any message of the ledger; `galen tx --help` lists them");
  for (const { type, summary, schema } of rules.messages.values()) {
    addVerb<Fields & SigningFlags>(tx, {
      usage: type,
      summary,
      example: `galen tx ${type} --as NAME --value '{…}'`,
      options: (command) => withFields(withLanguage(command.requiredOption("--as <names...>", "who signs; the first acts")), schema),
      run: (flags) => send(type, schema, flags),
    });
  }
}

/** `galen query`: every query of the ledger, likewise. */
export function addQuery(program: Command): void {
  const queries = program.command("query").description("ask the ledger anything; `galen query --help` lists the questions");
  for (const { name, summary, parameters } of rules.queries.values()) {
    addVerb<Fields>(queries, {
      usage: name,
      summary,
      example: `galen query ${name} --value '{…}'`,
      options: (command) => withFields(command, parameters),
      run: (flags) => ask(name, parameters, flags),
    });
  }
}

async function send(type: string, schema: object, flags: Fields & SigningFlags & VerbOptions): Promise<Answer> {
  const session = await openSession(flags);
  const { as: actors } = await signingOf(session, flags);
  const messages = [{ type, value: fieldsOf(schema, flags, session.wallet) }];
  const executed = await submit(session.client, { actors, messages });
  const { txHash, height, events } = executed;
  const lines = events.map((event) => `  ${event.type} ${JSON.stringify(event.data)}`);
  return { json: executed, text: [`In block ${height} as ${txHash}`, ...lines].join("\n") };
}

async function ask(name: string, parameters: object, flags: Fields & VerbOptions): Promise<Answer> {
  const { client, wallet } = await openReading(flags);
  const answer = await query<unknown>(client, name, fieldsOf(parameters, flags, wallet));
  return { json: answer, text: JSON.stringify(answer.result, undefined, 2) };
}
