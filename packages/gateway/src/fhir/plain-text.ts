import { type JsonObject, numberTextAt, objectsAt, textAt } from "./json-value.ts";

/** What may be a book is not read to its end for one line of it; spaces and control characters before the first word count as well. */
const READ_PER_SHOWN = 100;

/** One line of a terminal: control and formatting characters (escape codes, line breaks, direction marks) and halves of characters become spaces; cut to `maxLength`. */
export function plainText(text: string, maxLength: number): string {
  const read = text.slice(0, READ_PER_SHOWN * maxLength);
  const line = read.replace(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\s]+/gu, " ").trim();
  const characters = Array.from(line);
  return characters.length <= maxLength && read.length === text.length ? line : `${characters.slice(0, maxLength - 1).join("")}…`;
}

/** Words of a CodeableConcept: its text, else the first display, else the first code. */
export function conceptText(concept: JsonObject | undefined): string | undefined {
  const codings = objectsAt(concept, "coding");
  const display = codings.map((coding) => textAt(coding, "display")).find((text) => text !== undefined);
  return textAt(concept, "text") ?? display ?? textAt(codings[0], "code");
}

/** What a Quantity says was measured, in its own digits: `<20` is not 20 (FHIR R4 datatypes.html#Quantity: the comparator changes the meaning of the value). */
export function quantityDigits(
  quantity: JsonObject | undefined,
  shown: (digits: string) => string = (digits) => digits,
): string | undefined {
  const digits = numberTextAt(quantity, "value");
  return digits === undefined ? undefined : `${textAt(quantity, "comparator") ?? ""}${shown(digits)}`;
}
