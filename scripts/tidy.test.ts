import { describe, expect, test } from "vitest";
import { ledgerIsDeterministic } from "./tidy/determinism.ts";
import {
  architectureShowsTheTable,
  facesStandApart,
  importsFollowTheTable,
  manifestsFollowTheTable,
  modulesLookBack,
  noImportCycles,
} from "./tidy/imports.ts";
import { modulesShareAnAnatomy, namesSayWhat } from "./tidy/names.ts";
import { folderOf, packages, packageTable } from "./tidy/packages.ts";
import { createRepository, type Rule } from "./tidy/repository.ts";
import { sizesStaySmall } from "./tidy/sizes.ts";
import { linksResolve, lockHasNoAddresses, textsAreClean } from "./tidy/texts.ts";
import { formatFinding, rules, thisRepository } from "./tidy.ts";

describe("this repository", () => {
  const repository = thisRepository();

  test.each(rules.map((rule) => [rule.name, rule] as const))("%s", (_name, rule) => {
    expect([...rule(repository)].map(formatFinding)).toEqual([]);
  });
});

function findings(rule: Rule, files: Record<string, string>): string[] {
  return [...rule(createRepository(files))].map(({ message }) => message);
}

/** Each row: a text in a file, and what the rule must say about it (undefined: nothing). */
type Row = readonly [path: string, text: string, complaint: string | undefined];

function expectRow(rule: Rule, [path, text, complaint]: Row): void {
  const found = findings(rule, { [path]: text });
  if (complaint === undefined) expect(found).toEqual([]);
  else expect(found).toEqual([expect.stringContaining(complaint)]);
}

const importRows: readonly Row[] = [
  ["packages/ledger/src/a.ts", 'import { Type } from "typebox";', undefined],
  ["packages/ledger/src/a.ts", 'import { a } from "@galen/sdk";', "may not import package sdk"],
  ["packages/ledger/src/a.ts", 'import type { A } from "@galen/sdk/a";', "may not import package sdk"],
  ["packages/ledger/src/a.ts", 'export { a } from "hpke";', 'may not import "hpke"'],
  ["packages/ledger/src/a.ts", 'import { readFileSync } from "node:fs";', 'may not import "node:fs"'],
  ["packages/ledger/src/a.ts", 'const fs = await import("fs");', 'may not import "fs"'],
  ["packages/ledger/src/a.ts", 'import { b } from "../../sdk/src/b.ts";', "import @galen/sdk by name"],
  ["packages/ledger/src/a.ts", 'import { b } from "../src/b.ts";', undefined],
  ["packages/ledger/src/a.test.ts", 'import { readFileSync } from "node:fs";', undefined],
  ["packages/node/src/a.test.ts", 'import { ed25519 } from "@noble/curves/ed25519.js";', undefined],
  ["packages/node/src/a.ts", 'import { ed25519 } from "@noble/curves/ed25519.js";', 'may not import "@noble/curves"'],
  ["packages/gateway/src/a.test.ts", 'import { outsideData } from "@galen/ledger/testing/outside-data";', undefined],
  ["packages/gateway/src/a.ts", 'import { outsideData } from "@galen/ledger/testing/outside-data";', "may not import package ledger"],
  ["packages/gateway/src/a.ts", 'import { seal } from "@galen/sdk/seal";', undefined],
  ["packages/node/src/a.ts", 'import { readFileSync } from "node:fs";', undefined],
  ["packages/unheard/src/a.ts", 'import { readFileSync } from "node:fs";', "has no row"],
];

test.each(importRows)("imports: %s %s", (...row) => expectRow(importsFollowTheTable, row));

test("imports: tests may use the root's tools, sources may not", () => {
  const root = { "package.json": '{"devDependencies":{"vitest":"1.0.0"}}' };
  const text = 'import { test } from "vitest";';
  expect(findings(importsFollowTheTable, { ...root, "packages/sdk/src/a.test.ts": text })).toEqual([]);
  expect(findings(importsFollowTheTable, { ...root, "packages/sdk/src/a.ts": text })).toHaveLength(1);
});

test("manifests: a dependency more or less than the table is found", () => {
  const manifests = Object.entries(packages).map(([name, { libraries, packages: others }]) => {
    const names = [...libraries, ...others.map((other) => `@galen/${other}`)];
    return [`${folderOf(name)}/package.json`, JSON.stringify({ dependencies: Object.fromEntries(names.map((key) => [key, "1.0.0"])) })];
  });
  const files = Object.fromEntries(manifests) as Record<string, string>;
  expect(findings(manifestsFollowTheTable, files)).toEqual([]);
  expect(findings(manifestsFollowTheTable, { ...files, "packages/sdk/package.json": '{"dependencies":{}}' })).toHaveLength(1);
  expect(findings(manifestsFollowTheTable, { ...files, "packages/engines/package.json": '{"dependencies":{"hpke":"1"}}' })).toHaveLength(1);
});

test("architecture: the table is there, word for word", () => {
  expect(findings(architectureShowsTheTable, { "ARCHITECTURE.md": `# A\n\n${packageTable()}\n` })).toEqual([]);
  expect(findings(architectureShowsTheTable, { "ARCHITECTURE.md": packageTable().replace("runs in", "runs") })).toHaveLength(1);
});

test("cycles: a chain is fine, a circle is reported once, through types too", () => {
  const chain = { "a.ts": 'import "./b.ts";import "./c.ts";', "b.ts": 'import "./c.ts";', "c.ts": "" };
  expect(findings(noImportCycles, chain)).toEqual([]);
  expect(findings(noImportCycles, { ...chain, "c.ts": 'import type { A } from "./a.ts";' })).toEqual([
    expect.stringContaining("import cycle"),
  ]);
  expect(findings(noImportCycles, { "a.ts": 'export { a } from "./a.ts";' })).toEqual(["import cycle: a.ts -> a.ts"]);
});

describe("modules look back", () => {
  const folder = "packages/ledger/src/modules/";
  const lists =
    "const first = [vaultModule, accountsModule];\nconst versions = [{ modules: first }, { modules: [...first, tokensModule] }];";
  const index = { [`${folder}index.ts`]: `import { tokensModule } from "./tokens/index.ts";\n${lists}` };
  const rows: readonly Row[] = [
    [`${folder}accounts/state.ts`, 'import { a } from "../vault/index.ts";', undefined],
    [`${folder}accounts/state.ts`, 'import { a } from "../vault/schema.ts";', undefined],
    [`${folder}accounts/state.ts`, 'import { a } from "../vault/handlers.ts";', "import what vault/index.ts"],
    [`${folder}vault/state.ts`, 'import { v } from "../accounts/index.ts";', "stands later"],
    [`${folder}tokens/state.ts`, 'import { a } from "../accounts/index.ts";', undefined],
    [`${folder}accounts/state.ts`, 'import { t } from "../tokens/index.ts";', "stands later"],
    [`${folder}vault/state.ts`, 'import { c } from "../../app/context.ts";', undefined],
  ];
  test.each(rows)("%s %s", (path, text, complaint) => {
    const found = findings(modulesLookBack, { ...index, [path]: text });
    expect(found).toEqual(complaint === undefined ? [] : [expect.stringContaining(complaint)]);
  });
});

const faces = "apps/web/src/features/";
const faceRows: readonly Row[] = [
  [`${faces}wallet/a.tsx`, 'import { b } from "./b.ts"; import { c } from "../../chart/c.ts";', undefined],
  [`${faces}clinician/a.tsx`, 'import { b } from "../wallet/b.tsx";', "features/clinician may not import features/wallet"],
  [`${faces}clinician/a.tsx`, 'const b = () => import("../wallet/b.tsx");', "features/clinician may not import features/wallet"],
  ["apps/web/src/chart/a.ts", 'import type { B } from "../features/wallet/b.ts";', "may not import features/wallet"],
  ["apps/web/src/frame/features.ts", 'import { b } from "../features/wallet/feature.ts";', undefined],
];
test.each(faceRows)("faces of the web app stand apart: %s %s %s", (...row) => expectRow(facesStandApart, row));

const ledgerFile = "packages/ledger/src/modules/vault/handlers.ts";
const determinismRows: readonly Row[] = [
  [ledgerFile, "const a = Math.floor(7 / 2) + Math.max(1, 2);", undefined],
  [ledgerFile, "const a = Math.random();", "Math.random"],
  [ledgerFile, "const a = Math.sqrt(2);", "Math.sqrt"],
  [ledgerFile, "const a = 0.1;", "not a safe integer"],
  [ledgerFile, "const a = 9007199254740993;", "not a safe integer"],
  [ledgerFile, "const a = parseFloat(b);", "floats"],
  [ledgerFile, "const a = b.toFixed(2);", "floats"],
  [ledgerFile, "const a = 2 ** 53 - 1; const b = 2n ** c;", undefined],
  [ledgerFile, "const a = 10 ** b;", "approximate"],
  [ledgerFile, "const a = b.localeCompare(c);", "locale"],
  [ledgerFile, "const a = b.toLocaleString();", "locale"],
  [ledgerFile, 'const a = b.normalize("NFC");', "Unicode"],
  [ledgerFile, "const a = /\\p{L}/u;", "Unicode"],
  [ledgerFile, "const f = async () => { await g(); };", "no await"],
  [ledgerFile, "const f = async () => { for await (const a of b) g(a); };", "no for await"],
  ["packages/ledger/src/store/state-store.ts", "const f = async () => { await g(); };", undefined],
  [ledgerFile, "for (const a in b) g(a);", "for..in"],
  [ledgerFile, "for (const a of b) g(a);", undefined],
  [ledgerFile, "a.sort();", "comparator"],
  [ledgerFile, "a.toSorted();", "comparator"],
  [ledgerFile, "a.sort(byKey);", undefined],
  [ledgerFile, "function walk(a: A): void { a.children.forEach((b) => walk(b)); }", "calls itself"],
  [ledgerFile, "const walk = (a: A): void => { walk(a.next); };", "calls itself"],
  [ledgerFile, "function walk(a: A, depth: number): void { if (depth < 9) walk(a.next, depth + 1); }", undefined],
  ["packages/ledger/src/a.test.ts", "const a = Math.random();", undefined],
  ["packages/sdk/src/a.ts", "const a = Math.random();", undefined],
];

test.each(determinismRows)("determinism: %s %s", (...row) => expectRow(ledgerIsDeterministic, row));

const nameRows: readonly Row[] = [
  ["packages/sdk/src/key-file.ts", "", undefined],
  ["packages/sdk/src/utils.ts", "", '"utils"'],
  ["packages/sdk/src/key-helpers.ts", "", '"helpers"'],
  ["packages/sdk/src/common/keys.ts", "", '"common"'],
  ["packages/sdk/src/base64.ts", "", undefined],
  ["tsconfig.base.json", "{}", undefined],
];

test.each(nameRows)("names: %s", (...row) => expectRow(namesSayWhat, row));

test("anatomy: a module lacks nothing, or is told what", () => {
  const folder = "packages/ledger/src/modules/";
  const names = ["README.md", "schema.ts", "errors.ts", "state.ts", "queries.ts", "index.ts", "vault.test.ts", "vault.model.ts"];
  const files = Object.fromEntries([`${folder}index.ts`, ...names.map((name) => `${folder}vault/${name}`)].map((path) => [path, ""]));
  expect(findings(modulesShareAnAnatomy, files)).toEqual(["lacks handlers"]);
  expect(findings(modulesShareAnAnatomy, { ...files, [`${folder}vault/handlers.ts`]: "" })).toEqual([]);
  expect(findings(modulesShareAnAnatomy, { ...files, [`${folder}vault/handlers/grant.ts`]: "" })).toEqual([]);
});

describe("sizes", () => {
  const lines = (count: number): string => "a();\n".repeat(count);
  const path = "packages/sdk/src/a.ts";
  const named = `${path}#f`;
  const rows = [
    ["a short file", {}, path, lines(300), []],
    ["a long file", {}, path, lines(301), [expect.stringContaining("301 lines")]],
    ["a test of 400 lines", {}, "packages/sdk/src/a.test.ts", lines(400), []],
    ["a test of 501 lines", {}, "packages/sdk/src/a.test.ts", lines(501), [expect.stringContaining("limit is 500")]],
    ["an agreed file", { [path]: 310 }, path, lines(310), []],
    ["an agreed file that grew", { [path]: 310 }, path, lines(311), [expect.stringContaining("limit is 310")]],
    ["an agreed file that shrank", { [path]: 310 }, path, lines(305), [expect.stringContaining("lower the entry")]],
    ["an agreed file that is short now", { [path]: 310 }, path, lines(10), [expect.stringContaining("remove the entry")]],
    ["an agreed file that is gone", { "b.ts": 310 }, path, lines(10), [expect.stringContaining("remove the entry")]],
    ["a function of 40 lines", {}, path, `function f() {\n${lines(38)}}`, []],
    ["a function of 41 lines", {}, path, `function f() {\n${lines(39)}}`, [expect.stringContaining(`${named} has 41 lines`)]],
    ["an arrow function", {}, path, `export const f = () => {\n${lines(39)}};`, [expect.stringContaining(named)]],
    ["a method", {}, path, `const a = { f() {\n${lines(39)}} };`, [expect.stringContaining(named)]],
    ["inner functions are counted apart", {}, path, `function f() {\n${`  const g = () => {\n${lines(20)}};\n`.repeat(3)}}`, []],
    ["a long callback", {}, path, `run(() => {\n${lines(39)}});`, [expect.stringContaining("#callback")]],
  ] as const;
  test.each(rows)("%s", (_name, ratchet, file, text, expected) => {
    expect(findings(sizesStaySmall(ratchet), { [file]: text })).toEqual(expected);
  });
});

const textRows: readonly Row[] = [
  ["a.ts", "// The reason is in RFC 6962.", undefined],
  ["a.ts", `// ${"TO"}DO later`, "finish it"],
  ["a.md", `${"FIX"}ME`, "finish it"],
  ["a.ts", `read("/${"tmp"}/a");`, "path of one machine"],
  ["a.md", `in /${"home"}/me/galen`, "path of one machine"],
  ["a.md", "see https://example.org/home/page and packages/home/a.ts", undefined],
  [".ci/run", `npm --registry https://${"registry"}.example.org`, "installer's choice"],
];

test.each(textRows)("texts: %s %s", (...row) => expectRow(textsAreClean, row));

const lockRows = [
  ["a workspace", { "node_modules/@galen/sdk": { resolved: "packages/sdk", link: true } }, 0],
  ["a package", { "node_modules/a": { version: "1.0.0", integrity: "sha512-x" } }, 0],
  ["an address", { "node_modules/a": { resolved: "https://example.org/a.tgz", integrity: "sha512-x" } }, 1],
  ["no integrity", { "node_modules/a": { version: "1.0.0" } }, 1],
] as const;

test.each(lockRows)("lock file: %s", (_name, entries, count) => {
  expect(findings(lockHasNoAddresses, { "package-lock.json": JSON.stringify({ packages: entries }) })).toHaveLength(count);
});

const linkRows = [
  ["a file", "[b](docs/b.md)", 0],
  ["a folder", "[b](docs/)", 0],
  ["a heading", "[b](docs/b.md#two-words)", 0],
  ["a heading of its own", "# Here\n[b](#here)", 0],
  ["outside", "[b](https://example.org)", 0],
  ["code", "```\n[b](nowhere.md)\n```\n`[b](nowhere.md)`", 0],
  ["no file", "[b](docs/c.md)", 1],
  ["no heading", "[b](docs/b.md#three)", 1],
] as const;

test.each(linkRows)("links: %s", (_name, text, count) => {
  expect(findings(linksResolve, { "a.md": text, "docs/b.md": "# B\n## Two words\n" })).toHaveLength(count);
});
