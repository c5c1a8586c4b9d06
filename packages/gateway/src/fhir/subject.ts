import { isList, isObject, type JsonObject, objectAt, objectsAt, textAt } from "./json-value.ts";
import type { Reference } from "./references.ts";
import { ACCOUNTS } from "./written-document.ts";

/** Elements by which a resource says whose it is (FHIR R4 "patient" search parameters and compartment). */
const SUBJECT_ELEMENTS: readonly string[] = ["subject", "patient", "beneficiary"];

/** Tells of references at these elements whether they name somebody else than the bundle's Patient. */
export interface SubjectCheck {
  /** Of a literal or conditional reference that nothing in the bundle answers. */
  isOther(reference: Reference): boolean;
  /** The steps to the first logical reference of the resource that does. */
  otherNamed(resource: JsonObject): readonly (string | number)[] | undefined;
}

/**
 * A check for the resources of one bundle, to be asked in their order. Of the accounts of the ledger that its resources name, the first is taken for the Patient's:
 * what was written on the ledger and exported knows the Patient by nothing else.
 *
 * @param patients what the bundle says of its Patient, once or several times
 */
export function createSubjectCheck(patients: readonly JsonObject[]): SubjectCheck {
  const identifiers = patients.flatMap((patient) => objectsAt(patient, "identifier"));
  const ids = new Set(patients.map((patient) => textAt(patient, "id")));
  const tokens = new Set(identifiers.flatMap(tokensOf));
  let account: string | undefined;

  function isNamed({ type = "Patient", system, value }: Naming): boolean {
    if (!/(?:^|\/)Patient$/.test(type)) return true; // a group or a device is nobody else
    if (system === ACCOUNTS) account ??= value;
    if (system === ACCOUNTS && value === account) return true;
    return value !== undefined && identifiers.some((own) => own.value === value && (system === undefined || own.system === system));
  }

  return {
    isOther({ steps, reference, type }) {
      if (!SUBJECT_ELEMENTS.includes(steps.filter((step) => typeof step === "string").join("."))) return false;
      if (reference.startsWith("urn:")) return true;
      const query = /(?:^|\/)Patient\?(.*)$/s.exec(reference)?.[1];
      if (query !== undefined) return !isSoughtBy(query, tokens);
      const named = /(?:^|\/)Patient\/([A-Za-z0-9\-.]{1,64})(?:\/_history\/[^/]*)?$/.exec(reference);
      return named === null ? type === "Patient" : !ids.has(named[1]);
    },
    otherNamed(resource) {
      return SUBJECT_ELEMENTS.flatMap((element) => namingsAt(resource, element)).find((naming) => !isNamed(naming))?.steps;
    },
  };
}

interface Naming {
  readonly steps: readonly (string | number)[];
  readonly type: string | undefined;
  readonly system: string | undefined;
  readonly value: string | undefined;
}

/** The logical references at an element (FHIR R4 references.html#logical): those that have an identifier and no address outside the resource. */
function namingsAt(resource: JsonObject, element: string): readonly Naming[] {
  const held = resource[element];
  const places = isList(held) ? held.map((value, index) => ({ value, steps: [element, index] })) : [{ value: held, steps: [element] }];
  return places.flatMap(({ value, steps }) => {
    const identifier = isObject(value) && !hasAddress(value) ? objectAt(value, "identifier") : undefined;
    if (!isObject(value) || !identifier) return [];
    return [{ steps, type: textAt(value, "type"), system: textAt(identifier, "system"), value: textAt(identifier, "value") }];
  });
}

function hasAddress(reference: JsonObject): boolean {
  return /^[^#]/.test(textAt(reference, "reference") ?? "");
}

/** Whether a search for patients (FHIR R4 http.html#trules) asks for one of these identifiers. */
function isSoughtBy(query: string, tokens: ReadonlySet<string>): boolean {
  const sought = new URLSearchParams(query).getAll("identifier");
  return sought.length > 0 && sought.every((token) => tokens.has(token));
}

/** An identifier as a search has it (FHIR R4 search.html#token): with its system, and alone. */
function tokensOf(identifier: JsonObject): readonly string[] {
  const [system, value] = [textAt(identifier, "system") ?? "", textAt(identifier, "value") ?? ""].map((text) =>
    // FHIR R4 search.html#escaping.
    text.replace(/[\\$,|]/g, "\\$&"),
  );
  return value ? [`${system}|${value}`, value] : [];
}
