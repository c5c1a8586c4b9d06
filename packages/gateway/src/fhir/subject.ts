import { type HeldResource, resourcesIn } from "./held-resources.ts";
import { isList, isObject, type JsonObject, objectAt, objectsAt, textAt } from "./json-value.ts";
import { baseOf, type Referable, type Reference, resourceAddress } from "./references.ts";
import { RESOURCE_TYPES } from "./resource-types.ts";
import { givenNames, isOfPolicy, personOf } from "./same-patient.ts";
import { ACCOUNTS } from "./written-document.ts";

/** Elements by which a resource says whose it is (FHIR R4 "patient" search parameters and compartment): of every type, and of some. */
const SUBJECT_ELEMENTS: readonly string[] = ["subject", "patient", "beneficiary"];
const SUBJECT_ELEMENTS_OF: ReadonlyMap<string, string> = new Map([
  ["Task", "for"],
  ["ResearchSubject", "individual"],
  ["EnrollmentRequest", "candidate"],
]);
/** Elements by which a resource names all who take part: of several Patients one is whose it is. */
const PARTAKERS_OF: ReadonlyMap<string, string> = new Map([
  ["Appointment", "participant.actor"],
  ["AppointmentResponse", "actor"],
  ["Person", "link.target"],
  ["Schedule", "actor"],
]);

/** Tells of the references of a resource whether they name somebody else than the bundle's Patient. */
export interface SubjectCheck {
  /** The steps to the first reference by which the resource is about another. `base` is that of its own address, "" where it has none. */
  otherReferred(references: readonly Reference[], base: string): Reference["steps"] | undefined;
  /** The steps to the first logical reference of the resource, or to a Patient inside of it, that does. */
  otherNamed(resource: JsonObject): Reference["steps"] | undefined;
}

/**
 * A check for the resources of one bundle, to be asked in their order. Of the accounts of the ledger that its resources name, the first is taken for the Patient's:
 * what was written on the ledger and exported knows the Patient by nothing else.
 *
 * @param entries of the bundle; those of Patients say of the one Patient what there is, once or several times
 */
export function createSubjectCheck(entries: readonly Referable[]): SubjectCheck {
  const own = entries.filter(({ resource }) => resource.resourceType === "Patient");
  const { isNumbered, isSaid, isOnceMore } = createRecognition(own.map(({ resource }) => resource));
  // A Patient once more, in a Bundle that is kept as a resource, has an id and address of that Bundle.
  const inside = entries.flatMap(({ resource }) => patientsHeldBy(resource)).filter(({ resource }) => isOnceMore(resource));
  const known = [...own, ...inside];
  const ids = new Set(known.map(({ resource }) => textAt(resource, "id")));
  const addresses = new Set(known.map(({ fullUrl }) => fullUrl));
  const bases = new Set([...addresses].map(baseOf).filter((base) => base !== ""));
  const tokens = new Set(own.flatMap(({ resource }) => objectsAt(resource, "identifier")).flatMap(tokensOf));
  let account: string | undefined;

  function isNamed({ type = "Patient", system, value }: Naming): boolean {
    if (!/(?:^|\/)Patient$/.test(type)) return true; // a group or a device is nobody else
    if (system === ACCOUNTS) account ??= value;
    if (system === ACCOUNTS && value === account) return true;
    return isNumbered(system, value);
  }

  /** From a resource whose address has this base. */
  function meaning(reference: string, base: string): Meaning {
    const address = resourceAddress(reference);
    if (addresses.has(address)) return "own";
    const [, searched, query = ""] = /^(?:[^?]*\/)?([A-Z][A-Za-z]+)\?(.*)$/s.exec(address) ?? [];
    if (searched === "Patient") return isSoughtBy(query, tokens) ? "own" : "other";
    const [, server = base, type = searched, id] = /^(https?:\/\/.*\/)?([A-Z][A-Za-z]+)\/([A-Za-z0-9\-.]{1,64})$/.exec(address) ?? [];
    if (type === undefined || !RESOURCE_TYPES.has(type)) return "unclear";
    if (type !== "Patient") return "nobody";
    // Servers number from 1, each for itself.
    const isElsewhere = server !== "" && bases.size > 0 && !bases.has(server);
    return ids.has(id) && !isElsewhere ? "own" : "other";
  }

  function othersNamedBy({ steps, resource, root }: HeldResource): readonly Reference["steps"][] {
    if (resource.resourceType === "Patient" && root === resource && steps.length > 0) return isOnceMore(resource) ? [] : [steps];
    return elementsOf(resource)
      .flatMap((element) => [
        ...namingsAt(resource, element).filter((naming) => !isNamed(naming)),
        ...containedAt(resource, element, root).filter(({ patient }) => !isSaid(patient)),
      ])
      .map((other) => [...steps, ...other.steps]);
  }

  return {
    otherReferred: (references, base) => firstOther(references, (reference) => meaning(reference, base)),
    otherNamed: (resource) => resourcesIn(resource).flatMap(othersNamedBy)[0],
  };
}

/** Whether what is said fits the one Patient of whom `patients` tells, once or several times. */
function createRecognition(patients: readonly JsonObject[]) {
  const identifiers = patients.flatMap((patient) => objectsAt(patient, "identifier"));
  const numbers = new Set(identifiers.map((number) => numberOf(textAt(number, "system"), textAt(number, "value"))));
  const values = new Set(identifiers.map((number) => textAt(number, "value")));
  const [first = {}] = patients;
  const person = personOf(first);
  const [given] = givenNames(first);

  function isNumbered(system: string | undefined, value: string | undefined): boolean {
    return value !== undefined && (system === undefined ? values.has(value) : numbers.has(numberOf(system, value)));
  }

  function knownNumbers(patient: JsonObject): readonly JsonObject[] {
    return objectsAt(patient, "identifier").filter((number) => isNumbered(textAt(number, "system"), textAt(number, "value")));
  }

  function isPerson(patient: JsonObject): boolean {
    return personOf(patient).every((fact, index) => fact !== null && fact === person[index]);
  }

  /** Of a Patient inside a resource: nothing that it says may be otherwise, and a number must be the Patient's own, unless family name and birth date are. */
  function isSaid(contained: JsonObject): boolean {
    const said = personOf(contained);
    if (said.some((fact, index) => fact !== null && person[index] !== null && fact !== person[index])) return false;
    const known = knownNumbers(contained);
    const [called] = givenNames(contained);
    // Brothers and sisters share a family name, twins a birth date and a policy as well.
    if (called !== undefined && given !== undefined && called !== given && known.every(isOfPolicy)) return false;
    const hasNumber = objectsAt(contained, "identifier").some(({ value }) => value !== undefined);
    return !hasNumber || known.length > 0 || isPerson(contained);
  }

  /** Of a Patient with an id of its own: one of whom nothing is said is somebody else. */
  function isOnceMore(patient: JsonObject): boolean {
    return isSaid(patient) && (knownNumbers(patient).length > 0 || isPerson(patient));
  }

  return { isNumbered, isSaid, isOnceMore };
}

/** Whom a reference means: nobody where it is no Patient. */
type Meaning = "own" | "other" | "nobody" | "unclear";

/** The steps to the first reference that makes the resource another's. */
function firstOther(references: readonly Reference[], meaning: (reference: string) => Meaning): Reference["steps"] | undefined {
  let otherPartaker: Reference["steps"] | undefined;
  let takesPart = false;
  for (const { reference, holder, element, steps } of references) {
    const isPartaker = PARTAKERS_OF.get(holder) === element;
    if (!isPartaker && !isSubject(holder, element)) continue;
    const whom = meaning(reference);
    if (!isPartaker && (whom === "other" || whom === "unclear")) return steps;
    if (isPartaker && whom === "own") takesPart = true;
    if (isPartaker && whom === "other") otherPartaker ??= steps;
  }
  return takesPart ? undefined : otherPartaker;
}

/** The Patients that a Bundle or Parameters inside the resource holds; contained ones are known by their references. */
function patientsHeldBy(resource: JsonObject): readonly Referable[] {
  return resourcesIn(resource).filter(
    (held) => held.resource.resourceType === "Patient" && held.root === held.resource && held.resource !== resource,
  );
}

function isSubject(holder: string, element: string): boolean {
  return SUBJECT_ELEMENTS.includes(element) || SUBJECT_ELEMENTS_OF.get(holder) === element;
}

function elementsOf(resource: JsonObject): readonly string[] {
  const own = SUBJECT_ELEMENTS_OF.get(textAt(resource, "resourceType") ?? "");
  return own === undefined ? SUBJECT_ELEMENTS : [...SUBJECT_ELEMENTS, own];
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

/** The Patients inside `root` to which an element leads (FHIR R4 references.html#contained). */
function containedAt(
  resource: JsonObject,
  element: string,
  root: JsonObject,
): readonly (Pick<Naming, "steps"> & { readonly patient: JsonObject })[] {
  const patients = objectsAt(root, "contained").filter(({ resourceType }) => resourceType === "Patient");
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
