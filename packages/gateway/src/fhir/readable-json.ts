import { calmJson } from "@galen/sdk/acts/inert";
import { isList, type JsonObject, type JsonValue } from "./json-value.ts";

/**
 * A bundle as `JSON.stringify` prints it with two spaces a level, with what acts on a terminal escaped, in UTF-8, piece by piece: all entries together may be longer than any text of JavaScript, which
 * ends at half a gigabyte.
 */
export function* writeReadable(bundle: JsonObject): Iterable<Uint8Array<ArrayBuffer>> {
  const encoder = new TextEncoder();
  for (const piece of piecesOf(bundle)) yield encoder.encode(calmJson(piece));
}

function* piecesOf(bundle: JsonObject): Iterable<string> {
  let separator = "{\n";
  for (const [name, value] of Object.entries(bundle)) {
    yield `${separator}  ${JSON.stringify(name)}: `;
    if (isList(value) && value.length > 0) yield* itemsOf(value);
    else yield indented(value, "  ");
    separator = ",\n";
  }
  yield separator === "{\n" ? "{}" : "\n}";
}

function* itemsOf(list: readonly JsonValue[]): Iterable<string> {
  let separator = "[\n";
  for (const item of list) {
    yield `${separator}    ${indented(item, "    ")}`;
    separator = ",\n";
  }
  yield "\n  ]";
}

/** Inside of texts JSON has no line breaks. */
function indented(value: JsonValue, indent: string): string {
  return JSON.stringify(value, null, 2).replaceAll("\n", `\n${indent}`);
}
