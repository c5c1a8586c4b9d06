import { createHash } from "node:crypto";
import type { JsonObject } from "@galen/gateway";
import { humanName } from "@galen/gateway/fhir/human-name";
import { objectsAt, textAt } from "@galen/gateway/fhir/json-value";
import { plainText } from "@galen/gateway/fhir/plain-text";
import type { CardContents, CardEntry } from "@galen/gateway/health-card/card-contents";
import { errors } from "../errors.ts";
import { beginsWith } from "../reading/complete-id.ts";

/** An entry that the house has not filed, so that it goes on a card only when it is named. */
export interface LeftOut {
  /** Hash of all that a card says of it, hex of 32 bytes. */
  readonly id: string;
  /** What it says, in one line. */
  readonly entry: string;
  readonly filedBy: CardEntry["filedBy"];
  /** Account of who filed it; missing from what lay in a file, which proves nobody. */
  readonly author?: string;
}

export interface Choice {
  /** The Patient and immunizations that go on the card; no Patient where none is sure. */
  readonly chosen: readonly JsonObject[];
  readonly leftOut: readonly LeftOut[];
}

/** Stands for the author of what a file holds, which proves nobody: no account looks like it. */
export const NO_AUTHOR = "none";

/**
 * What goes on a card of a house: one Patient and the immunizations that the house has filed itself, and those whose ids begin with a text of `include`.
 * Throws Refusal cli/BadValue for one that begins none, cli/AmbiguousId.
 */
export function chooseEntries({ patients, immunizations }: CardContents, include: readonly string[]): Choice {
  const entries = [...patients, ...immunizations].map((entry) => ({ ...entry, id: idOf(entry) }));
  const named = new Set(include.map((start) => requireId(entries, start)));
  const isOnCard = (entry: { readonly id: string; readonly filedBy: string }) => entry.filedBy === "house" || named.has(entry.id);
  const isPatient = ({ resource }: CardEntry) => resource.resourceType === "Patient";
  const people = entries.filter((entry) => isPatient(entry) && isOnCard(entry));
  const namedPeople = people.filter(({ id }) => named.has(id));
  const [person, another] = namedPeople.length > 0 ? namedPeople : people;
  const chosen = another ? [] : entries.filter((entry) => entry === person || (!isPatient(entry) && isOnCard(entry)));
  const leftOut = entries.filter((entry) => !chosen.includes(entry) && (isPatient(entry) || !isOnCard(entry)));
  return { chosen: chosen.map(({ resource }) => resource), leftOut: leftOut.map(leftOutOf) };
}

function leftOutOf({ id, resource, filedBy, author, saying }: CardEntry & { readonly id: string }): LeftOut {
  const words = resource.resourceType === "Patient" ? personWords(resource) : saying;
  return { id, entry: plainText(words, MAX_WORDS), filedBy, ...(author !== NO_AUTHOR && { author }) };
}

const MAX_WORDS = 200;

function personWords(patient: JsonObject): string {
  const [name] = objectsAt(patient, "name");
  const birthDate = textAt(patient, "birthDate");
  return `${humanName(name && { ...name, text: null }) ?? ""}${birthDate === undefined ? "" : `, born ${birthDate}`}`;
}

function idOf({ resource, saying }: CardEntry): string {
  return createHash("sha256")
    .update(`${textAt(resource, "resourceType")} ${saying}`)
    .digest("hex");
}

function requireId(entries: readonly { readonly id: string }[], start: string): string {
  const [found, another] = entries.filter(({ id }) => beginsWith(id, start));
  if (another) throw errors.AmbiguousId({ start });
  if (!found) throw errors.BadValue({ option: "--include", reason: "the beginning of an id of what was left out" });
  return found.id;
}
