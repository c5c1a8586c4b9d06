import type { CheckedBundle } from "./bundle.ts";
import { isList, type JsonObject, objectsAt, textAt } from "./json-value.ts";
import { plainText } from "./plain-text.ts";

const MAX_NAME_LENGTH = 80;

/** Name of the bundle's patient as one line of at most 80 characters, the official name first; undefined when none is given. Never for the ledger. */
export function patientName({ entries, patient }: CheckedBundle): string | undefined {
  const name = humanName(calledBy(entries[patient]?.resource));
  return name && plainText(name, MAX_NAME_LENGTH);
}

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
