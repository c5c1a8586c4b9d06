import { type JsonObject, objectsAt, textAt } from "./json-value.ts";

/** One line of a terminal: control and formatting characters (escape codes, line breaks, direction marks) become spaces; cut to `maxLength`. */
export function plainText(text: string, maxLength: number): string {
  const line = text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\s]+/gu, " ").trim();
  const characters = Array.from(line);
  return characters.length <= maxLength ? line : `${characters.slice(0, maxLength - 1).join("")}…`;
}

/** Words of a CodeableConcept: its text, else the first display, else the first code. */
export function conceptText(concept: JsonObject | undefined): string | undefined {
  const codings = objectsAt(concept, "coding");
  const display = codings.map((coding) => textAt(coding, "display")).find((text) => text !== undefined);
  return textAt(concept, "text") ?? display ?? textAt(codings[0], "code");
}
