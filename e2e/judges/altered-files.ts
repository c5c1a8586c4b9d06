type Way = readonly (string | number)[];

/** A copy of a JSON text in which one thing is altered. */
export interface AlteredFile {
  /** Where, and what stands there now. */
  readonly what: string;
  readonly text: string;
}

/** Copies of a JSON text: in each one value, field or item is altered, left out, doubled or added; the last are other writings of the same values. */
export function alteredFiles(text: string): AlteredFile[] {
  const json = JSON.parse(text) as unknown;
  const altered = placesOf(json).flatMap(([way, value]) =>
    changesOf(value)
      .filter(isOther(value))
      .map((change) => ({
        what: `${way.join("/")} = ${JSON.stringify(change)?.slice(0, 100)}`,
        text: JSON.stringify(replaced(json, way, change)),
      })),
  );
  return [...altered, ...otherWritings(text)];
}

/** As JSON tells it. */
function isOther(value: unknown): (change: unknown) => boolean {
  return (change) => JSON.stringify(change) !== JSON.stringify(value);
}

/** Every value inside a JSON value, and itself, with the way to it. */
function placesOf(json: unknown, way: Way = []): [Way, unknown][] {
  if (typeof json !== "object" || json === null) return [[way, json]];
  const entries = Array.isArray(json) ? json.map((item: unknown, at) => [at, item] as const) : Object.entries(json);
  return [[way, json], ...entries.flatMap(([key, value]) => placesOf(value, [...way, key]))];
}

function changesOf(value: unknown): unknown[] {
  if (typeof value === "string") return [...charactersChanged(value), `${value}0`, "", null, [value]];
  if (typeof value === "number") return [value + 1, -value, value + 0.5, `${value}`, null, true];
  if (value === null) return ["00", "", 0, []];
  if (Array.isArray(value)) return [[...value, ...value.slice(0, 1)], value.slice(1), value.toReversed(), [], null, { ...value }];
  const entries = Object.entries(value as object);
  const without = entries.map((_, left) => Object.fromEntries(entries.filter((__, at) => at !== left)));
  return [...without, { ...(value as object), stray: 1 }, [], null];
}

/** So many characters at the beginning of a long text are changed one by one: a path begins with its kind, its length and a bit for each step. */
const HEAD = 10;

/** One digit or letter changed at the beginning, in the middle and at the end; and the case of all, where they have one. */
function charactersChanged(text: string): string[] {
  const head = text.length > 10 * HEAD ? Array.from({ length: HEAD }, (_, at) => at) : [0];
  const places = text === "" ? [] : [...new Set([...head, text.length >> 1, text.length - 1])];
  const changed = places.map((at) => text.slice(0, at) + (text[at] === "1" ? "2" : "1") + text.slice(at + 1));
  return [...changed, text.toUpperCase(), text.toLowerCase()];
}

function replaced(json: unknown, [step, ...rest]: Way, change: unknown): unknown {
  if (step === undefined) return change;
  const inner = replaced((json as Record<string | number, unknown>)[step], rest, change);
  return Array.isArray(json) ? json.with(Number(step), inner) : { ...(json as object), [step]: inner };
}

function otherWritings(text: string): AlteredFile[] {
  const [first] = /"height": \d+/.exec(text)!;
  const writings = {
    "without spaces": JSON.stringify(JSON.parse(text)),
    "fields in another order": JSON.stringify(fieldsReversed(JSON.parse(text))),
    "a field that is given twice": text.replace(first, `"height": 7, ${first}`),
    "a field that is given twice alike": text.replace(first, `${first}, ${first}`),
    "a number with a fraction of zero": text.replace(first, `${first}.0`),
    "a number with an exponent": text.replace(first, `${first}e0`),
    "a name with a letter escaped": text.replace('"height"', String.raw`"\u0068eight"`),
    "a value with a letter escaped": text.replace('"galen-proof"', String.raw`"g\u0061len-proof"`),
    "a mark of the byte order": `\uFEFF${text}`,
    "a space that JSON does not know": `\u00A0${text}`,
    "something behind": `${text}{}`,
    "half of it": text.slice(0, text.length >> 1),
    nothing: "",
  };
  return Object.entries(writings).map(([what, written]) => ({ what, text: written }));
}

function fieldsReversed(json: unknown): unknown {
  if (Array.isArray(json)) return json.map(fieldsReversed);
  if (typeof json !== "object" || json === null) return json;
  const entries = Object.entries(json).toReversed();
  return Object.fromEntries(entries.map(([key, value]) => [key, fieldsReversed(value)]));
}
