import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, expect, test } from "vitest";

// The compiler and the linters guard the ledger as configured. A configuration that no longer refuses anything would go unnoticed.
const root = fileURLToPath(new URL("..", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "galen-guards-"));
writeFileSync(join(folder, "package.json"), '{ "type": "module" }');
afterAll(() => rmSync(folder, { recursive: true }));

function run(tool: string, options: readonly string[], cwd = root): string {
  const { stdout, stderr } = spawnSync(join(root, "node_modules/.bin", tool), options, { cwd, encoding: "utf8" });
  return stdout + stderr;
}

function typeErrors(packageConfig: string, text: string): string {
  writeFileSync(join(folder, "probe.ts"), text);
  const settings = {
    extends: join(root, packageConfig),
    compilerOptions: { rootDir: ".", composite: false, emitDeclarationOnly: false, noEmit: true },
    references: [],
  };
  writeFileSync(join(folder, "tsconfig.json"), JSON.stringify({ ...settings, include: ["probe.ts"], exclude: [] }));
  return run("tsc", ["-p", folder]);
}

/** What Biome says of a file at `path`. A copy of the configuration stands beside it, because its patterns count from there. */
function lintFindings(path: string, text: string): string {
  const settings = JSON.parse(readFileSync(join(root, "biome.json"), "utf8")) as Record<string, unknown>;
  writeFileSync(join(folder, "biome.json"), JSON.stringify({ ...settings, vcs: { enabled: false } }));
  mkdirSync(join(folder, dirname(path)), { recursive: true });
  writeFileSync(join(folder, path), text);
  return run("biome", ["lint", "--colors=off", join(folder, path)], folder);
}

const ambientNames = ["fetch", "setTimeout", "console", "process", "Buffer", "performance", "crypto", "TextEncoder", "WebAssembly"];

test.each(ambientNames)("in the ledger %s does not compile", (name) => {
  expect(typeErrors("packages/ledger/tsconfig.src.json", `export const probe: unknown = ${name};`)).toContain(`Cannot find name '${name}'`);
});

test("in the SDK process does not compile, and fetch does", () => {
  expect(typeErrors("packages/sdk/tsconfig.src.json", "export const probe: unknown = process;")).toContain("Cannot find name 'process'");
  expect(typeErrors("packages/sdk/tsconfig.src.json", "export const probe: unknown = fetch;")).toBe("");
});

const lintRows = [
  ["noRestrictedGlobals", "packages/ledger/src/probe.ts", "export const probe = Date.now();"],
  ["noRestrictedGlobals", "packages/ledger/src/probe.ts", "export const probe = new Intl.Collator();"],
  ["noNodejsModules", "packages/ledger/src/probe.ts", 'import { cwd } from "node:process";\nexport const probe = cwd;'],
  ["noNodejsModules", "packages/sdk/src/probe.ts", 'import { cwd } from "node:process";\nexport const probe = cwd;'],
  ["noConsole", "packages/node/src/probe.ts", 'console.log("probe");'],
  ["noExplicitAny", "packages/node/src/probe.ts", "export const probe: any = 1;"],
  ["noDefaultExport", "packages/node/src/probe.ts", "export default 1;"],
  ["noReExportAll", "packages/node/src/probe.ts", 'export * from "./a.ts";'],
  ["useFilenamingConvention", "packages/node/src/probeFile.ts", "export const probe = 1;"],
  ["noFocusedTests", "packages/node/src/probe.test.ts", 'test.only("a", () => undefined);'],
  ["noSkippedTests", "packages/node/src/probe.test.ts", 'test.skip("a", () => undefined);'],
] as const;

test.each(lintRows)("lint: %s in %s", (rule, path, text) => {
  expect(lintFindings(path, text)).toContain(rule);
});

test("lint: a test in the ledger may use the clock", () => {
  expect(lintFindings("packages/ledger/src/probe.test.ts", "export const probe = Date.now();\n")).not.toContain("noRestrictedGlobals");
});

const typeAwareRows = [
  ["no-floating-promises", "async function f(): Promise<void> {}\nf();"],
  ["await-thenable", "export const probe = async (): Promise<number> => await 1;"],
  ["no-misused-promises", "export const probe = (f: () => Promise<boolean>): number => (f() ? 1 : 2);"],
  ["switch-exhaustiveness-check", 'export const probe = (a: "x" | "y"): number => { switch (a) { case "x": return 1; } return 2; };'],
] as const;

test.each(typeAwareRows)("lint with types: %s", (rule, text) => {
  typeErrors("tsconfig.base.json", text);
  expect(run("oxlint", ["--type-aware", "-c", join(root, ".oxlintrc.json"), folder])).toContain(rule);
});
