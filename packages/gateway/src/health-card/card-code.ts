import { isObject, type JsonValue } from "../fhir/json-value.ts";
import { readJson } from "../fhir/read-json.ts";
import { HealthCardError } from "./health-card-error.ts";

/** Characters of a JWS are written as two digits: their code less that of "-". */
const OFFSET = 45;
const LARGEST = 122 - OFFSET;
const PREFIX = "shc:/";

/** Bytes that one QR code of version 40 holds beside the prefix, as two digits each. */
const MAX_JWS_LENGTH = 3_500;
/** A file may hold several cards. */
const MAX_CARDS = 16;
const JWS = /^[\w-]+\.[\w-]+\.[\w-]+$/;

/** The text of a card's QR code: `shc:/` and digits, which the code packs closely. Throws HealthCardError TooLarge. */
export function cardCode(jws: string): string {
  if (jws.length > MAX_JWS_LENGTH) throw new HealthCardError("TooLarge");
  return PREFIX + Array.from(jws, (character) => String(character.charCodeAt(0) - OFFSET).padStart(2, "0")).join("");
}

/** The cards in a scanned code, in the text of a `.smart-health-card` file, or as bare JWS. Throws HealthCardError NotACard, Chunked. */
export function parseCards(text: string): readonly string[] {
  const trimmed = text.trim();
  if (trimmed.startsWith(PREFIX)) return [jwsOfDigits(trimmed.slice(PREFIX.length))];
  const cards = trimmed.startsWith("{") ? cardsInFile(text) : [trimmed];
  if (cards.length === 0 || cards.length > MAX_CARDS || !cards.every((card) => JWS.test(card))) throw new HealthCardError("NotACard");
  return cards;
}

function jwsOfDigits(digits: string): string {
  if (/^\d+\/\d+\//.test(digits)) throw new HealthCardError("Chunked");
  if (!/^(\d\d)+$/.test(digits) || digits.length > 2 * MAX_JWS_LENGTH) throw new HealthCardError("NotACard");
  const numbers = (digits.match(/\d\d/g) ?? []).map(Number);
  if (numbers.some((number) => number > LARGEST)) throw new HealthCardError("NotACard");
  const jws = String.fromCharCode(...numbers.map((number) => number + OFFSET));
  if (!JWS.test(jws)) throw new HealthCardError("NotACard");
  return jws;
}

/** A file as the specification defines it: `{ "verifiableCredential": [JWS, …] }`. */
function cardsInFile(text: string): readonly string[] {
  const cards = fieldOf(text);
  return Array.isArray(cards) ? cards.map(String) : [];
}

function fieldOf(text: string): JsonValue | undefined {
  try {
    const value = readJson(new TextEncoder().encode(text), "card");
    return isObject(value) ? value.verifiableCredential : undefined;
  } catch (cause) {
    throw new HealthCardError("NotACard", { cause });
  }
}
