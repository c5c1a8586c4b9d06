import { type JsonObject, objectAt, objectsAt, textAt } from "./json-value.ts";
import { conceptText } from "./plain-text.ts";
import { createResolver, type Referable } from "./references.ts";

/** The medicine of a resource as a CodeableConcept with words; undefined where nothing names one. */
export type MedicineOf = (resource: JsonObject) => JsonObject | undefined;

/**
 * Finds what the resources of a bundle order, hand out, give or tell of as taken: FHIR R4 names it by a concept (`medicationCodeableConcept`) or by a reference
 * (`medicationReference`) to a Medication, contained or an entry of the bundle. What leads nowhere is called as the reference calls it (`display`).
 */
export function medicinesIn(bundle: JsonObject): MedicineOf {
  const entries = objectsAt(bundle, "entry").flatMap((entry): readonly Referable[] => {
    const resource = objectAt(entry, "resource");
    return resource === undefined ? [] : [{ fullUrl: textAt(entry, "fullUrl"), resource }];
  });
  const entryOf = new Map(entries.map((entry) => [entry.resource, entry]));
  const resolve = createResolver(entries);

  function medicationOf(resource: JsonObject, reference: string): JsonObject | undefined {
    if (reference.startsWith("#")) return objectsAt(resource, "contained").find(({ id }) => id === reference.slice(1));
    const position = resolve(reference, entryOf.get(resource) ?? { fullUrl: undefined, resource });
    return position === undefined ? undefined : entries[position]?.resource;
  }

  return (resource) => {
    const concept = objectsAt(resource, "medicationCodeableConcept")[0];
    if (hasWords(concept)) return concept;
    const reference = objectAt(resource, "medicationReference");
    const target = textAt(reference, "reference");
    const medication = target === undefined ? undefined : medicationOf(resource, target);
    return conceptOf(medication) ?? conceptFrom([textAt(reference, "display")]);
  };
}

/** What a Medication is: its code, or what it is made of, as with what a pharmacy mixes. */
function conceptOf(medication: JsonObject | undefined): JsonObject | undefined {
  if (medication?.resourceType !== "Medication") return undefined;
  const concept = objectsAt(medication, "code")[0];
  if (hasWords(concept)) return concept;
  const ingredients = objectsAt(medication, "ingredient");
  return conceptFrom(
    ingredients.map(
      (ingredient) =>
        conceptText(objectsAt(ingredient, "itemCodeableConcept")[0]) ?? textAt(objectAt(ingredient, "itemReference"), "display"),
    ),
  );
}

function conceptFrom(names: readonly (string | undefined)[]): JsonObject | undefined {
  const concept = { text: names.filter((name) => name !== undefined).join(" / ") };
  return hasWords(concept) ? concept : undefined;
}

function hasWords(concept: JsonObject | undefined): concept is JsonObject {
  return (conceptText(concept) ?? "").trim() !== "";
}
