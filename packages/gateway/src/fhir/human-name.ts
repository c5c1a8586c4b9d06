import { isList, isObject, type JsonObject, type JsonValue, objectsAt, textAt } from "./json-value.ts";

/** The HumanName by which a Patient is called: the official one, else the first. */
export function calledBy(patient: JsonObject | undefined): JsonObject | undefined {
  const names = objectsAt(patient, "name");
  return names.find((own) => own.use === "official") ?? names[0];
}

/** A HumanName in one text: its own text, else the given names and the family name; undefined when it has none of these. */
export function humanName(name: JsonObject | undefined): string | undefined {
  const given = name?.given;
  const parts = [...(isList(given) ? given : []), name?.family].filter((part) => typeof part === "string");
  return textAt(name, "text") ?? (parts.length === 0 ? undefined : parts.join(" "));
}

/** Where the names of a Patient are no HumanNames as far as they are read here, and what was expected. In a list null stands for a value that is told by extensions alone (FHIR R4 json.html). */
export function faultInNames({
  name: names,
}: JsonObject): { readonly steps: readonly (string | number)[]; readonly expected: string } | undefined {
  if (names === undefined) return undefined;
  if (!isList(names)) return { steps: ["name"], expected: "a list" };
  for (const [index, name] of names.entries()) {
    const steps = ["name", index];
    if (!isObject(name)) return { steps, expected: "an object" };
    const wrong = ["use", "text", "family"].find((key) => name[key] !== undefined && typeof name[key] !== "string");
    if (wrong !== undefined) return { steps: [...steps, wrong], expected: "a string" };
    if (name.given !== undefined && !isTexts(name.given)) return { steps: [...steps, "given"], expected: "a list of strings" };
  }
  return undefined;
}

function isTexts(value: JsonValue): boolean {
  return isList(value) && value.every((one) => one === null || typeof one === "string");
}
