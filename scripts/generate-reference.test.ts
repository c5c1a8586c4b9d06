import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { failureOf } from "@galen/cli/terminal/failure";
import { ChainError } from "@galen/engines/chain/chain-error";
import { FhirRefusal } from "@galen/gateway/fhir/refusal";
import { HealthCardError } from "@galen/gateway/health-card/health-card-error";
import { StoreError } from "@galen/ledger/store/store-error";
import { ConfigError } from "@galen/node/config";
import { errors as nodeErrors } from "@galen/node/errors";
import { KeyError } from "@galen/sdk/keys/key-error";
import { SealError } from "@galen/sdk/seal/seal-error";
import { describe, expect, test } from "vitest";
import { referenceFolder, referencePages } from "./generate-reference.ts";
import { errorsPage } from "./reference/errors.ts";
import { fieldTable } from "./reference/fields.ts";
import { currentVersion } from "./reference/rules.ts";
import { isTestCode, readRepository } from "./tidy/repository.ts";

const HOW_TO_REPAIR = "docs/reference has drifted from the code: run `npm run docs` and commit what it writes";

/** The bounds that no test reaches: 128 nodes of members who left, of whom there are 29 at a time; a request whose header takes half a minute. */
const unmet = ["validators/TooManyNodes", "api/Timeout"];

describe("docs/reference", async () => {
  const pages = await referencePages();

  test.each([...pages])("%s says what the code says", (name, text) => {
    expect(readFileSync(`${referenceFolder}${name}`, "utf8"), HOW_TO_REPAIR).toBe(text);
  });

  test("holds nothing else", () => {
    expect(readdirSync(referenceFolder).toSorted(), HOW_TO_REPAIR).toEqual([...pages.keys()].toSorted());
  });

  test("is the same when it is made twice", async () => {
    expect(await referencePages()).toEqual(pages);
  });

  const names = currentVersion.modules.flatMap(({ messages, queries, events, collections }) => [
    ...messages.map(({ type }) => ["messages.md", `### ${type}\n`] as const),
    ...queries.map(({ name }) => ["queries.md", `### ${name}\n`] as const),
    ...events.map(({ type }) => ["events.md", `### ${type}\n`] as const),
    ...collections.map(({ prefix }) => ["state.md", `### ${prefix}/`] as const),
  ]);

  test.each(names)("%s has %s", (page, heading) => {
    expect(pages.get(page)).toContain(heading);
  });

  test.each([
    ["a node's start", nodeErrors.PortTaken()],
    ["a setting", new ConfigError("galen.config.json: there is no setting port")],
    ["a plain sentence", new Error("do this")],
    ["what nobody expected", new TypeError("x")],
    ["the system", Object.assign(new Error("no"), { code: "ENOENT", path: "/x" })],
    ["a store", new StoreError("StoreLocked", "x")],
    ["a chain", new ChainError("BlockMissing", "x")],
    ["keys", new KeyError("PasswordWrong", "x")],
    ["a sealed document", new SealError("CapsuleRefused", "x")],
    ["a health card", new HealthCardError("Forged")],
    ["a file that is no JSON", new FhirRefusal("json/Syntax", { file: "x", path: "$" })],
    ["a file that is no bundle", new FhirRefusal("fhir/NotABundle", { file: "x", path: "$" })],
  ])("errors.md has the id that the command line tells of %s", (_, error) => {
    expect(pages.get("errors.md")).toContain(`| \`${failureOf(error).id}\` |`);
  });

  test("every refusal is met by a test, which names it", () => {
    const ids = [...pages.get("errors.md")!.matchAll(/^\| `(\w+)\/(\w+)` /gm)].map(([, module, name]) => [module!, name!] as const);
    const { files } = readRepository(fileURLToPath(new URL("..", import.meta.url)));
    const isTest = (path: string) => (isTestCode(path) || path.startsWith("e2e/")) && !path.startsWith("scripts/");
    const text = [...files].map(([path, code]) => (isTest(path) ? code : "")).join("\n");
    const isMet = ([module, name]: readonly [string, string]) =>
      [`${module}/${name}`, `${module}:${name}`, `"${name}"`, `rrors.${name}`].some((word) => text.includes(word));
    expect(ids.length).toBeGreaterThan(400);
    expect(ids.filter((id) => !isMet(id)).map((id) => id.join("/"))).toEqual(unmet);
  });

  test("no refusal id stands for two things", () => {
    expect(errorsPage).not.toThrow();
  });
});

describe("a field table", () => {
  const rows: readonly (readonly [title: string, schema: object, row: string])[] = [
    ["bytes", { type: "string", bytes: { min: 32, max: 32 } }, "| `field` | 32 bytes |  |"],
    ["a limit in groups of digits", { type: "integer", minimum: 0, maximum: 1_000_000 }, "| `field` | 0 to 1,000,000 |  |"],
    [
      "a list of structures",
      { type: "array", maxItems: 4, items: { properties: { a: { const: "b" } } } },
      "| `field[].a` | `b`, optional |  |",
    ],
    [
      "a field of one kind",
      { anyOf: [{ properties: { kind: { const: "role" }, at: { type: "boolean" } }, required: ["at"] }] },
      "| `field.at` | with kind `role`: true or false |  |",
    ],
  ];

  test.each(rows)("shows %s", (_title, schema, row) => {
    expect(fieldTable({ properties: { field: schema }, required: ["field"] })).toContain(row);
  });

  test("refuses a schema that it cannot describe", () => {
    expect(() => fieldTable({ properties: { field: { type: "number" } } })).toThrow("cannot describe");
  });
});
