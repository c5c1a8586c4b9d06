import { readFileSync } from "node:fs";
import type { Module } from "@galen/ledger/app/define-module";
import { chain } from "@galen/ledger/app/genesis";
import { parameters, validators } from "@galen/ledger/app/parameters";
import { upgrade, version } from "@galen/ledger/app/upgrades";
import { fieldTable } from "./fields.ts";
import { page } from "./markdown.ts";
import { currentVersion } from "./rules.ts";

const INTRODUCTION = `All that decides, as keys and values under one root: the app hash of the next header. A key is printable ASCII; ids in it are hexadecimal, numbers
have 14 hexadecimal digits, so that they sort. A value is the canonical encoding of its fields ([transactions](transactions.md#encoding)).
\`GET /v1/state\` of a node proves that a key has a value, or has none ([HTTP API](http-api.md)).

Collections that are walked in order keep their keys in pages: \`~<prefix>\` is the level of the root page, \`~<prefix>~<level>~<name>\` a page
with its keys, one per line.

## ledger

What belongs to no module. Beside the records below, \`ledger/replay/<minute>\` is a running hash over the bodies that expire in that minute, and
\`ledger/replay-minutes/current\` lists those minutes.`;

const ledgerFolder = new URL("../../packages/ledger/src/", import.meta.url);

/** `docs/reference/state.md`. Throws Error when a collection has no line that says what its key is. */
export function statePage(): string {
  const own = keysIn("app/genesis.ts", "app/parameters.ts", "app/upgrades.ts");
  const ledger = [chain, version, upgrade, parameters, validators].map((collection) => record(collection, own));
  return page("# State", INTRODUCTION, ...ledger, ...currentVersion.modules.map(moduleSection));
}

function moduleSection({ name, collections }: Module): string {
  const keys = keysIn(`modules/${name}/state.ts`);
  return [`## ${name}`, ...collections.map((collection) => record(collection, keys))].join("\n\n");
}

interface Key {
  readonly pattern: string;
  readonly meaning: string;
}

function record({ prefix, schema }: { readonly prefix: string; readonly schema: object }, keys: ReadonlyMap<string, Key>): string {
  const { pattern, meaning } = keys.get(prefix) ?? countOf(prefix, keys);
  return [`### ${pattern.replace(/[<]/g, "\\<")}`, ...(meaning === "" ? [] : [meaning]), fieldTable(schema)].join("\n\n");
}

/** A sequence keeps the number of its entries beside them. */
function countOf(prefix: string, keys: ReadonlyMap<string, Key>): Key {
  const entries = keys.get(prefix.replace(/-count$/, ""));
  if (!entries) throw new Error(`no comment in state.ts says what the key of ${prefix} is`);
  const [, , of] = entries.pattern.split("/");
  return { pattern: `${prefix}/${of}`, meaning: "How many entries there are." };
}

const KEY_COMMENT = /^\/\*\* `(?<pattern>[^`]+)`(?<meaning>.*) \*\/$/gm;

/** The comments above collections, `prefix/<part>` -> meaning, by prefix. */
function keysIn(...files: readonly string[]): ReadonlyMap<string, Key> {
  const comments = files.flatMap((file) => [...readFileSync(new URL(file, ledgerFolder), "utf8").matchAll(KEY_COMMENT)]);
  return new Map(
    comments.map(({ groups }) => {
      const pattern = groups?.pattern ?? "";
      return [pattern.split("/").slice(0, 2).join("/"), { pattern, meaning: sentence(groups?.meaning ?? "") }];
    }),
  );
}

/** ` -> Grant` says no more than the fields do; ` -> what it is` becomes a sentence. */
function sentence(meaning: string): string {
  const text = meaning.replace(/^(?: -> [A-Z]\w+)?(?:,? -> |[:;,] )?/, "").trim();
  return text === "" ? "" : `${text[0]!.toUpperCase()}${text.slice(1).replace(/\.$/, "")}.`;
}
