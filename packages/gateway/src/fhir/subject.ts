import { isList, isObject, type JsonObject, objectAt, objectsAt, textAt } from "./json-value.ts";
import type { Reference } from "./references.ts";
import { personOf } from "./same-patient.ts";
import { ACCOUNTS } from "./written-document.ts";

/** Elements by which a resource says whose it is (FHIR R4 "patient" search parameters and compartment). */
const SUBJECT_ELEMENTS: readonly string[] = ["subject", "patient", "beneficiary"];

/** Tells of references at these elements whether they name somebody else than the bundle's Patient. */
export interface SubjectCheck {
  /** Of a literal or conditional reference that nothing in the bundle answers. */
  isOther(reference: Reference): boolean;
  /** The steps to the first logical reference of the resource, or to a Patient inside of it, that does. */
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
  const numbers = new Set(identifiers.map((own) => numberOf(textAt(own, "system"), textAt(own, "value"))));
  const values = new Set(identifiers.map((own) => textAt(own, "value")));
  const [first = {}] = patients;
  const person = personOf(first);
  let account: string | undefined;

  function isNamed({ type = "Patient", system, value }: Naming): boolean {
    if (!/(?:^|\/)Patient$/.test(type)) return true; // a group or a device is nobody else
    if (system === ACCOUNTS) account ??= value;
    if (system === ACCOUNTS && value === account) return true;
    return isNumbered(system, value);
  }

  function isNumbered(system: string | undefined, value: string | undefined): boolean {
    return value !== undefined && (system === undefined ? values.has(value) : numbers.has(numberOf(system, value)));
  }

  /** Of a Patient inside a resource: nothing that it says may be otherwise, and a number must be the Patient's own, unless family name and birth date are. */
  function isSaid(contained: JsonObject): boolean {
    const said = personOf(contained);
    if (said.some((fact, index) => fact !== null && person[index] !== null && fact !== person[index])) return false;
    const given = objectsAt(contained, "identifier").filter(({ value }) => value !== undefined);
    if (given.length === 0 || given.some((number) => isNumbered(textAt(number, "system"), textAt(number, "value")))) return true;
    return said.every((fact, index) => fact !== null && fact === person[index]);
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
      const others = SUBJECT_ELEMENTS.flatMap((element) => [
        ...namingsAt(resource, element).filter((naming) => !isNamed(naming)),
        ...containedAt(resource, element).filter(({ patient }) => !isSaid(patient)),
      ]);
      return others[0]?.steps;
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
  return referencesAt(resource, element).flatMap(({ value, steps }) => {
    const identifier = hasAddress(value) ? undefined : objectAt(value, "identifier");
    if (!identifier) return [];
    return [{ steps, type: textAt(value, "type"), system: textAt(identifier, "system"), value: textAt(identifier, "value") }];
  });
}

/** The Patients inside a resource to which an element leads (FHIR R4 references.html#contained). */
function containedAt(resource: JsonObject, element: string): readonly (Pick<Naming, "steps"> & { readonly patient: JsonObject })[] {
  const patients = objectsAt(resource, "contained").filter(({ resourceType }) => resourceType === "Patient");
  const byReference = new Map(patients.map((patient) => [`#${textAt(patient, "id")}`, patient]));
  return referencesAt(resource, element).flatMap(({ value, steps }) => {
    const patient = byReference.get(textAt(value, "reference") ?? "");
    return patient ? [{ steps, patient }] : [];
  });
}

function referencesAt(resource: JsonObject, element: string): readonly (Pick<Naming, "steps"> & { readonly value: JsonObject })[] {
  const held = resource[element];
  const places = isList(held) ? held.map((value, index) => ({ value, steps: [element, index] })) : [{ value: held, steps: [element] }];
  return places.flatMap(({ value, steps }) => (isObject(value) ? [{ value, steps }] : []));
}

function numberOf(system: string | undefined, value: string | undefined): string {
  return JSON.stringify([system, value]);
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
