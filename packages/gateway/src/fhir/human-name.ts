import { isList, type JsonObject, objectsAt, textAt } from "./json-value.ts";

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
