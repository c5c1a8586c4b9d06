import fc from "fast-check";
import type { TSchema } from "typebox";
import { describe, expect, it } from "vitest";
import { Refusal } from "../app/refusal.ts";
import { compileVersion } from "../app/version.ts";
import { arbitraryOf, type Keywords } from "../testing/arbitrary-of-schema.ts";
import { outsideData } from "../testing/outside-data.ts";
import { ledgerVersions } from "./index.ts";

const { messages, codec } = compileVersion(ledgerVersions.at(-1)!);
const naughty = outsideData<string[]>("bad-inputs/naughty-strings.json") ?? [];

/** Names of the fields that hold a text which its sender chooses. */
function textFields(schema: TSchema, field = ""): string[] {
  const { anyOf = [], items, properties = {}, type, ...fixed } = schema as Keywords;
  const isText = type === "string" && !fixed.bytes && !fixed.enum && fixed.const === undefined;
  const below = [...anyOf, ...(items ? [items] : [])].flatMap((inner) => textFields(inner, field));
  return [...(isText ? [field] : []), ...below, ...Object.entries(properties).flatMap(([name, inner]) => textFields(inner, name))];
}

const rows = [...messages.values()].flatMap(({ type, schema }) =>
  [...new Set(textFields(schema))].map((field) => ({ type, schema, field })),
);

describe.skipIf(naughty.length === 0)(`${naughty.length} naughty strings`, () => {
  it("meet every text that a message holds", () => {
    const met = rows.map(({ type, field }) => `${type} ${field}`);
    expect(met).toEqual(expect.arrayContaining(["anchors.record place", "handover.announce chainId", "tokens.register tokenKind"]));
  });

  it.each(rows)("come back as they were from $type as $field, or are refused", ({ type, schema, field }) => {
    let taken = 0;
    for (const text of naughty) {
      const values = fc.sample(arbitraryOf(schema, { [field]: [text] }), { seed: 1, numRuns: 4 });
      const holding = values.filter((value) => JSON.stringify(value).includes(JSON.stringify(text)));
      for (const value of holding) {
        try {
          expect(codec.decodeValue(type, codec.encodeValue({ type, value }))).toEqual(value);
          taken += 1;
        } catch (error) {
          if (!(error instanceof Refusal)) throw error;
          expect(error.kind.id).toBe("tx/InvalidMessage");
        }
      }
    }
    expect(taken).toBeGreaterThan(0);
  });
});
