import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { buildWebApp } from "./web-app.ts";

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "galen-web-app-"));
});
afterAll(() => rm(folder, { recursive: true }));

async function builder(source: string): Promise<string> {
  const file = join(folder, "build.mjs");
  await writeFile(file, source);
  return file;
}

it("gives the folder that the builder prints, and none without a builder", async () => {
  expect(await buildWebApp({ json: true }, await builder(`console.log("/built/app")`))).toBe("/built/app");
  expect(await buildWebApp({ json: true }, join(folder, "nothing.mjs"))).toBeUndefined();
});

it.each([
  ["Node's error", () => `import { writeFileSync } from "node:fs"; writeFileSync("${folder}", "");`, /^Error: EISDIR/],
  [
    "the bundler's error",
    () => `console.error("failed\\n\\x1b[31m[MISSING_EXPORT]\\x1b[0m of a file\\nmore"); process.exit(1);`,
    /^\[MISSING_EXPORT\] of a file$/,
  ],
  ["the last line of anything else", () => `console.error("so\\nand so"); process.exit(1);`, /^and so$/],
])("gives %s as the reason", async (_, source, reason) => {
  await expect(buildWebApp({ json: true }, await builder(source()))).rejects.toMatchObject({
    kind: { id: "cli/WebAppNotBuilt" },
    details: { reason: expect.stringMatching(reason) as string },
  });
});
