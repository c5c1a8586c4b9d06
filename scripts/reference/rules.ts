import type { Module } from "@galen/ledger/app/define-module";
import type { LedgerVersion } from "@galen/ledger/app/version";
import { ledgerVersions } from "@galen/ledger/modules/index";
import { fieldTable } from "./fields.ts";
import { code, page, table } from "./markdown.ts";

const NOTATION = [
  "Bytes are lowercase hexadecimal text in JSON, byte strings in the canonical encoding ([transactions](transactions.md)). A time is an",
  "integer: milliseconds since 1970. `list[].field` is a field of every item; what stands under `with kind` is there with that kind only.",
].join("\n");

/** The rules that the newest version of the ledger executes. */
export const currentVersion: LedgerVersion = ledgerVersions.at(-1)!;

/** `docs/reference/messages.md`. */
export function messagesPage(): string {
  const sections = currentVersion.modules.map((module) => {
    const messages = module.messages.map(({ type, summary, schema }) => `### ${type}\n\n${summary}\n\n${fieldTable(schema)}`);
    return section(module, messages);
  });
  return page(
    "# Messages",
    `Ledger version ${currentVersion.number}. Who may send which, and what is refused: the README of each module.`,
    NOTATION,
    ...sections,
  );
}

/** `docs/reference/queries.md`. */
export function queriesPage(): string {
  const intro = [
    "Read-only questions that the state answers exactly: `GET /v1/query/<name>?…` of a node, `galen query <name>`. The answer is",
    "`{ height, result }`; `result` has the fields below. Lists and searches over everything come from the read model ([HTTP API](http-api.md)).",
  ].join("\n");
  const sections = currentVersion.modules.map((module) => {
    const queries = module.queries.map(({ name, summary, parameters, result }) =>
      [`### ${name}`, summary, "Parameters", fieldTable(parameters), "Result", fieldTable(result)].join("\n\n"),
    );
    return section(module, queries);
  });
  return page("# Queries", intro, NOTATION, ...sections);
}

/** `docs/reference/events.md`. */
export function eventsPage(): string {
  const intro = [
    "What a block produced, in the order of its happening. An event is a leaf of its transaction's event tree (RFC 6962): SHA-256 over a zero",
    "byte, the type in ASCII, a zero byte, and the canonical data. The root of that tree is the `data` of the transaction's result, and the next",
    "header commits to all results. What falls due by itself produces events that belong to no transaction.",
  ].join("\n");
  const sections = currentVersion.modules.map((module) => {
    const events = module.events.map(({ type, schema }) => `### ${type}\n\n${fieldTable(schema)}`);
    return section(module, events);
  });
  return page("# Events", intro, NOTATION, ...sections);
}

function section({ name }: Module, parts: readonly string[]): string {
  return [`## ${name}`, `[Rules of the module](../../packages/ledger/src/modules/${name}/README.md)`, ...parts].join("\n\n");
}

/** Names and summaries as a table that leads to their sections. */
export function indexTable(entries: readonly { readonly name: string; readonly summary: string }[], file: string): string {
  const rows = entries.map(({ name, summary }) => [`[${code(name)}](${file}#${anchorOf(name)})`, summary]);
  return table(["name", "what it does"], rows);
}

/** The anchor of a heading that is a message or query name. */
function anchorOf(name: string): string {
  return name.toLowerCase().replaceAll(".", "");
}
