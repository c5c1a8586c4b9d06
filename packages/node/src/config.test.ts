import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { ConfigError, environmentName, printConfigReference, readConfig, shownConfig } from "./config.ts";
import { settings } from "./settings.ts";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "galen-config-"));
});
afterAll(() => rm(folder, { recursive: true }));

async function fileWith(text: string): Promise<string> {
  const path = join(folder, "galen.config.json");
  await writeFile(path, text);
  return path;
}

it("starts from the defaults", async () => {
  const defaults = Object.fromEntries(Object.entries(settings).map(([name, setting]) => [name, setting.default]));
  expect(await readConfig({ environment: {} })).toEqual(defaults);
});

it("lets the environment win over the file, and the command line over both", async () => {
  const file = await fileWith('{"httpPort": 1, "httpHost": "file", "logLevel": "debug"}');
  const environment = { GALEN_HTTP_PORT: "2", GALEN_HTTP_HOST: "environment", GALEN_PASSPHRASE: "not ours" };
  const config = await readConfig({ file, environment, overrides: { httpPort: 3 } });
  expect(config).toMatchObject({ httpPort: 3, httpHost: "environment", logLevel: "debug" });
});

it.each([
  ["an unknown setting", '{"htttpPort": 1}', {}, "there is no setting htttpPort"],
  ["a port too high", '{"httpPort": 70000}', {}, "httpPort must lie from 0 to 65535, not 70000"],
  ["a text for a number", "{}", { GALEN_HTTP_PORT: "http" }, 'GALEN_HTTP_PORT: httpPort must be an integer, not "http"'],
  ["an unknown choice", '{"logLevel": "loud"}', {}, "logLevel must be one of silent, error, warn, info, debug"],
  ["a key that is none", "{}", { GALEN_CUSTODIAN_STATE_KEY: "s3cret" }, "GALEN_CUSTODIAN_STATE_KEY: custodianStateKey must match"],
  ["broken JSON", '{"httpPort": 1', {}, "is not well-formed JSON"],
  ["a list", "[]", {}, "must hold one JSON object"],
])("refuses %s with a sentence", async (_, text, environment, sentence) => {
  const reading = readConfig({ file: await fileWith(text), environment });
  await expect(reading).rejects.toThrow(ConfigError);
  await expect(reading).rejects.toThrow(sentence);
});

it("shows a secret nowhere", async () => {
  const environment = { GALEN_CUSTODIAN_STATE_KEY: "ab".repeat(32) };
  expect(shownConfig(await readConfig({ environment }))).toMatchObject({ custodianStateKey: "set", httpPort: 8_080 });
  expect(shownConfig(await readConfig({ environment: {} }))).toMatchObject({ custodianStateKey: "none" });
  const wrong = readConfig({ environment: { GALEN_CUSTODIAN_STATE_KEY: "s3cret" } });
  await expect(wrong).rejects.not.toThrow("s3cret");
});

it("refuses a file that is named and not there", async () => {
  await expect(readConfig({ file: join(folder, "none.json"), environment: {} })).rejects.toThrow("there is no such file");
});

it("names the folder that is given for a file", async () => {
  const reading = readConfig({ file: folder, environment: {} });
  await expect(reading).rejects.toThrow(ConfigError);
  await expect(reading).rejects.toThrow(`${folder}: is a folder`);
});

it("prints every setting with its default and what it does", () => {
  const reference = printConfigReference();
  for (const [name, setting] of Object.entries(settings)) {
    const row = reference.split("\n").find((line) => line.includes(`\`${name}\``))!;
    expect(row).toContain(environmentName(name));
    expect(row).toContain(String(setting.default));
    expect(row).not.toMatch(/\| *\|$/);
  }
});
