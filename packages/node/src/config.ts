import { Refusal } from "@galen/ledger/app/refusal";
import { checkedField, valuesFromText } from "./http/fields.ts";
import { readIfThere } from "./keys/secret-file.ts";
import { type Config, type Setting, secretSettings, settings } from "./settings.ts";

/** The configuration cannot be used; the message names the setting, where it stands and what is needed. */
export class ConfigError extends Error {
  override readonly name = "ConfigError";
}

export interface ConfigSources {
  /** Path of the file; by default `galen.config.json`, which may be missing. */
  readonly file?: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** From the command line; wins over both. */
  readonly overrides?: Partial<Config>;
}

const DEFAULT_FILE = "galen.config.json";
const PREFIX = "GALEN_";
const entries = Object.entries(settings) as [keyof Config, Setting<unknown>][];

/** `httpPort` -> `GALEN_HTTP_PORT`. */
export function environmentName(name: string): string {
  return PREFIX + name.replace(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase();
}

/** Reads defaults, file, environment and overrides, each over the one before. Throws ConfigError. */
export async function readConfig({ file, environment, overrides = {} }: ConfigSources): Promise<Config> {
  const fromFile = await readFileSettings(file);
  const fromEnvironment = readEnvironment(environment);
  const values = entries.map(([name, setting]) => {
    const [value, source] = [overrides[name], fromEnvironment[name], fromFile[name], setting.default]
      .map((one, i) => [one, ["the command line", environmentName(name), file ?? DEFAULT_FILE, "the default"][i]] as const)
      .find(([one]) => one !== undefined)!;
    return [name, checkSetting(name, setting, value, source!)] as const;
  });
  return Object.fromEntries(values) as unknown as Config;
}

/** The configuration as it may be shown: of a secret only whether it is set. */
export function shownConfig(config: Config): Readonly<Record<string, unknown>> {
  const shown = entries.map(([name, { default: byDefault }]) => {
    return [name, secretSettings.has(name) && config[name] !== byDefault ? "set" : config[name]];
  });
  return Object.fromEntries(shown);
}

function checkSetting(name: string, setting: Setting<unknown>, value: unknown, source: string): unknown {
  try {
    return checkedField(name, () => setting.check(value));
  } catch (error) {
    const given = secretSettings.has(name) ? "" : `, not ${JSON.stringify(value)}`;
    if (error instanceof Refusal) throw new ConfigError(`${source}: ${name} ${error.details.reason}${given}`);
    throw error;
  }
}

async function readFileSettings(file: string | undefined): Promise<Readonly<Record<string, unknown>>> {
  const text = await readFileOfSettings(file ?? DEFAULT_FILE);
  if (text === undefined && file !== undefined) throw new ConfigError(`${file}: there is no such file`);
  const values = parseSettings(file ?? DEFAULT_FILE, text ?? "{}");
  const stranger = Object.keys(values).find((name) => !Object.hasOwn(settings, name));
  if (stranger !== undefined) throw new ConfigError(`${file ?? DEFAULT_FILE}: there is no setting ${stranger}`);
  return values;
}

/** Undefined when there is none. Throws ConfigError for a folder, of which the system does not say which, and the system's error. */
async function readFileOfSettings(file: string): Promise<string | undefined> {
  try {
    return await readIfThere(file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EISDIR") throw new ConfigError(`${file}: is a folder; name a file`);
    throw error;
  }
}

/** The text of a configuration file as an object, its settings not checked yet. Throws ConfigError. */
export function parseSettings(file: string, text: string): Readonly<Record<string, unknown>> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new ConfigError(`${file}: is not well-formed JSON: ${(error as Error).message}`);
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) throw new ConfigError(`${file}: must hold one JSON object`);
  return value as Readonly<Record<string, unknown>>;
}

/** Variables of other programs with the same prefix are passed over: the CLI has its own. */
function readEnvironment(environment: ConfigSources["environment"]): Readonly<Record<string, unknown>> {
  const given = entries.flatMap(([name]) => {
    const text = environment[environmentName(name)];
    return text === undefined ? [] : [[name, text] as const];
  });
  return valuesFromText(Object.fromEntries(entries.map(([name, { schema }]) => [name, schema])), Object.fromEntries(given));
}

/** The reference of all settings as a Markdown page. */
export function printConfigReference(): string {
  const rows = entries.map(([name, { schema, default: byDefault }]) => {
    return `| \`${name}\` | \`${environmentName(name)}\` | ${allowed(schema)} | \`${typeof byDefault === "string" ? byDefault : JSON.stringify(byDefault)}\` | ${descriptionOf(schema)} |`;
  });
  const intro =
    "A node reads `galen.config.json` (or the file named by `--config`), then the environment, then its command line; the last wins.";
  const head = ["| setting | environment | value | default | what it does |", "| --- | --- | --- | --- | --- |"];
  return `${["# Configuration", "", intro, "", ...head, ...rows].join("\n")}\n`;
}

type SchemaWords = {
  readonly type?: string;
  readonly enum?: readonly string[];
  readonly minimum?: number;
  readonly maximum?: number;
  readonly description?: string;
};

function allowed(schema: object): string {
  const { type, enum: choices, minimum, maximum } = schema as SchemaWords;
  if (type === "array") return "list of texts";
  if (choices) return choices.join(", ");
  return minimum === undefined ? "text" : `${minimum} to ${maximum}`;
}

function descriptionOf(schema: object): string {
  return (schema as SchemaWords).description ?? "";
}
