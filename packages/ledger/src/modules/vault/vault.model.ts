import fc from "fast-check";

const people = ["patient", "neighbour", "clinician", "nurse", "daughter", "stranger", "hospital"] as const;
export type Person = (typeof people)[number];
type Owner = "patient" | "neighbour";
export const owners: readonly Owner[] = ["patient", "neighbour"];
export const names = ["a", "b", "c", "d", "e"] as const;
export const grantNames = ["g1", "g2", "g3", "g4", "g5", "g6", "g7", "g8"] as const;
export const HOUR_MS = 3_600_000;

/** `fault` breaks one thing: the proof, a blob or point that served before. */
type Fault = "proof" | "blob" | "point" | undefined;
export type Grantee =
  | { readonly kind: "person"; readonly who: Person }
  | { readonly kind: "organisation" }
  | { readonly kind: "role"; readonly role: string };
export type Covers =
  | { readonly kind: "everything" }
  | { readonly kind: "compartments"; readonly label: number }
  | { readonly kind: "objects"; readonly names: readonly string[] };

export type Operation =
  | {
      readonly kind: "seal";
      readonly by: Person;
      readonly owner: Owner;
      readonly name: string;
      readonly compartment: number;
      readonly fault: Fault;
    }
  | {
      readonly kind: "grant";
      readonly by: Person;
      readonly owner: Owner;
      readonly id: string;
      readonly grantee: Grantee;
      readonly covers: Covers;
      readonly purposes: readonly string[];
      readonly startsInMs: number;
      readonly lastsMs: number;
      readonly reads: number | undefined;
      readonly licensed: boolean;
    }
  | { readonly kind: "revoke"; readonly by: Person; readonly id: string }
  | {
      readonly kind: "request";
      readonly by: Person;
      readonly names: readonly string[];
      readonly purpose: string;
      readonly id: string | undefined;
      readonly fault: Fault;
    }
  | { readonly kind: "erase" | "destroy" | "delete"; readonly by: Person; readonly names: readonly string[] }
  | { readonly kind: "rewrap"; readonly by: Person; readonly names: readonly string[]; readonly fault: Fault };

/** A transaction of one message, `waitMs` after the one before. */
export type Step = { readonly operation: Operation; readonly waitMs: number };

/** Most of it is the patient's. */
const owner = fc.constantFrom<Owner>("patient", "patient", "patient", "neighbour");
const rightful = fc.constantFrom<Person>(...Array<Person>(9).fill("patient"), "daughter", "daughter", ...people);
const reader = fc.constantFrom<Person>("clinician", "clinician", "nurse", "daughter", "stranger", "patient");
const name = fc.constantFrom<string>("a", "a", "b", "b", ...names);
const someNames = fc.oneof({ weight: 3, arbitrary: fc.tuple(name) }, { weight: 1, arbitrary: fc.tuple(name, name) });
const id = fc.constantFrom<string>("g1", "g2", "g2", "g3", ...grantNames);
const newId = fc.constantFrom<string>(...grantNames);
const fault = fc.constantFrom<Fault>(...Array<Fault>(12).fill(undefined), "proof", "blob", "point");
const purpose = fc.constantFrom("TREAT", "TREAT", "TREAT", "HRESCH");
const compartment = fc.constantFrom(0, 1);
const grantee = fc.oneof<fc.Arbitrary<Grantee>[]>(
  fc.record({ kind: fc.constant("person" as const), who: reader }),
  fc.constant({ kind: "organisation" as const }),
  fc.record({ kind: fc.constant("role" as const), role: fc.constantFrom("clinician", "nurse") }),
);
const covers = fc.oneof<fc.Arbitrary<Covers>[]>(
  fc.constant({ kind: "everything" as const }),
  fc.constant({ kind: "everything" as const }),
  fc.record({ kind: fc.constant("compartments" as const), label: compartment }),
  fc.record({ kind: fc.constant("objects" as const), names: fc.tuple(name, name) }),
);

const byPatient = { by: "patient" as const, owner: "patient" as const };
const treatment = {
  purposes: ["TREAT"],
  startsInMs: 0,
  lastsMs: 40 * HOUR_MS,
  reads: undefined,
  licensed: false,
  covers: { kind: "everything" as const },
};
/** What stands at the beginning: two objects of the patient and one of the neighbour, and four grants of the patient. */
export const founding: readonly Operation[] = [
  { kind: "seal", ...byPatient, name: "a", compartment: 0, fault: undefined },
  { kind: "seal", ...byPatient, name: "b", compartment: 1, fault: undefined },
  { kind: "seal", by: "neighbour", owner: "neighbour", name: "c", compartment: 0, fault: undefined },
  { kind: "grant", ...byPatient, ...treatment, id: "g1", grantee: { kind: "person", who: "clinician" } },
  {
    kind: "grant",
    ...byPatient,
    ...treatment,
    id: "g2",
    grantee: { kind: "organisation" },
    covers: { kind: "compartments", label: 0 },
    reads: 2,
  },
  { kind: "grant", ...byPatient, ...treatment, id: "g3", grantee: { kind: "role", role: "nurse" }, licensed: true },
  { kind: "grant", ...byPatient, ...treatment, id: "g4", grantee: { kind: "person", who: "clinician" }, startsInMs: 3 * HOUR_MS },
];

const operation: fc.Arbitrary<Operation> = fc.oneof<fc.WeightedArbitrary<Operation>[]>(
  { weight: 4, arbitrary: fc.record({ kind: fc.constant("seal"), by: rightful, owner, name, compartment, fault }) },
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constant("grant"),
      by: rightful,
      owner,
      id: newId,
      grantee,
      covers,
      purposes: fc.constantFrom(["TREAT"], ["TREAT", "HRESCH"]),
      startsInMs: fc.constantFrom(0, 0, 0, 0, 2 * HOUR_MS),
      lastsMs: fc.constantFrom(0, HOUR_MS, 9 * HOUR_MS, 9 * HOUR_MS, 9 * HOUR_MS),
      reads: fc.constantFrom(undefined, undefined, 1, 2),
      licensed: fc.boolean(),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("revoke"), by: rightful, id }) },
  {
    weight: 14,
    arbitrary: fc.record({
      kind: fc.constant("request"),
      by: reader,
      names: someNames,
      purpose,
      id: fc.option(id, { nil: undefined, freq: 8 }),
      fault,
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("erase"), by: rightful, names: fc.tuple(fc.constantFrom(...names)) }) },
  { weight: 4, arbitrary: fc.record({ kind: fc.constant("destroy"), by: reader, names: someNames }) },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constant("delete"), by: fc.constantFrom("hospital", "hospital", "nurse"), names: someNames }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant("rewrap"), by: rightful, names: someNames, fault }) },
);
export const step: fc.Arbitrary<Step> = fc.record({ operation, waitMs: fc.constantFrom(0, 0, 0, 0, 0, 0, HOUR_MS) });

type GrantOf = Operation & { readonly kind: "grant" };
interface ModelGrant extends GrantOf {
  readonly from: number;
  readonly until: number;
  used: number;
  revoked: boolean;
}

/** What the module must answer, with names instead of ids and everything in plain maps. */
export interface Model {
  readonly objects: Map<string, { readonly owner: Owner; readonly compartment: number; erased: boolean }>;
  readonly grants: Map<string, ModelGrant>;
  /** By owner, in the order of the requests: "reader outcome". */
  readonly log: Map<Owner, string[]>;
  /** By "name reader": whether the copy is there, or stated to be destroyed. */
  readonly copies: Map<string, boolean>;
  readonly deleted: Set<string>;
}

export function createModel(): Model {
  return { objects: new Map(), grants: new Map(), log: new Map(owners.map((owner) => [owner, []])), copies: new Map(), deleted: new Set() };
}

/** The daughter may do everything for the patient, and nobody else for anybody. */
const actsFor = (by: Person, owner: Owner) => by === owner || (by === "daughter" && owner === "patient");

/** Executes the operation at block time `time`; answers the refusal, or the event. */
export function apply(model: Model, operation: Operation, time: number): string {
  switch (operation.kind) {
    case "seal":
      return seal(model, operation);
    case "grant":
      return grant(model, operation, time);
    case "revoke":
      return revoke(model, operation);
    case "request":
      return request(model, operation, time);
    case "erase":
      return erase(model, operation);
    case "rewrap":
      return rewrap(model, operation);
    case "destroy":
      return destroy(model, operation);
    case "delete":
      return remove(model, operation);
  }
}

function seal({ objects }: Model, { by, owner, name, compartment, fault }: Operation & { kind: "seal" }): string {
  if (by !== owner) return "vault/NotOwner";
  if (objects.has(name)) return "vault/ObjectExists";
  if (fault === "blob") return "vault/BlobReused";
  if (fault === "point") return "vault/PointReused";
  if (fault === "proof") return "vault/UnprovenCapsule";
  objects.set(name, { owner, compartment, erased: false });
  return "vault.sealed";
}

function grant({ grants, objects }: Model, asked: GrantOf, time: number): string {
  const { by, owner, id, covers, startsInMs, lastsMs } = asked;
  const [from, until] = [time + startsInMs, time + startsInMs + lastsMs];
  if (!actsFor(by, owner)) return "vault/NotOwner";
  if (grants.has(id)) return "vault/GrantExists";
  if (until <= from) return "vault/EmptyPeriod";
  for (const name of covers.kind === "objects" ? covers.names : []) {
    if (!objects.has(name)) return "vault/UnknownObject";
    if (objects.get(name)!.owner !== owner) return "vault/ForeignObject";
  }
  grants.set(id, { ...asked, from, until, used: 0, revoked: false });
  return "vault.granted";
}

function revoke({ grants }: Model, { by, id }: Operation & { kind: "revoke" }): string {
  const grant = grants.get(id);
  if (!grant) return "vault/UnknownGrant";
  if (!actsFor(by, grant.owner)) return "vault/NotOwner";
  if (grant.revoked) return "vault/AlreadyRevoked";
  grant.revoked = true;
  return "vault.revoked";
}

function request(model: Model, { by, names, purpose, id, fault }: Operation & { kind: "request" }, time: number): string {
  const { objects, log, copies, grants } = model;
  if (names.some((name) => !objects.has(name))) return "vault/UnknownObject";
  if (new Set(names).size < names.length) return "vault/RepeatedObject";
  const { owner } = objects.get(names[0]!)!;
  if (names.some((name) => objects.get(name)!.owner !== owner)) return "vault/SeveralOwners";
  if (fault === "point") return "vault/PointReused";
  if (fault === "proof") return "vault/UnprovenRequest";

  const answer = answerTo(model, { by, owner, names, purpose, id }, time);
  log.get(owner)!.push(`${by} ${answer}`);
  if (!["owner", "delegation", "grant"].includes(answer)) return "vault.refused";
  if (answer === "grant") grants.get(id!)!.used += 1;
  if (answer !== "owner") for (const name of names) copies.set(`${name} ${by}`, true);
  return "vault.released";
}

interface Asked {
  readonly by: Person;
  readonly owner: Owner;
  readonly names: readonly string[];
  readonly purpose: string;
  readonly id: string | undefined;
}

function answerTo({ objects, grants }: Model, { by, owner, names, purpose, id }: Asked, time: number): string {
  const grant = id === undefined ? undefined : grants.get(id);
  if (names.some((name) => objects.get(name)!.erased)) return "ObjectErased";
  if (by === owner) return "owner";
  if (!grant && actsFor(by, owner)) return "delegation";
  if (grant?.owner !== owner) return "NoGrant";
  if (grant.grantee.kind === "person" && grant.grantee.who !== by) return "NoGrant";
  const isStaff = by === "clinician" || by === "nurse";
  if (grant.grantee.kind === "organisation" && !isStaff) return "NotMember";
  if (grant.grantee.kind === "role" && grant.grantee.role !== by) return "NotMember";
  if (grant.revoked) return "GrantRevoked";
  if (time < grant.from) return "GrantNotYet";
  if (time >= grant.until) return "GrantExpired";
  if (grant.used === grant.reads) return "GrantExhausted";
  if (!grant.purposes.includes(purpose)) return "WrongPurpose";
  const { covers } = grant;
  const isCovered = (name: string) =>
    covers.kind === "everything" ||
    (covers.kind === "objects" ? covers.names.includes(name) : objects.get(name)!.compartment === covers.label);
  if (!names.every(isCovered)) return "WrongCompartment";
  return grant.licensed && by !== "clinician" ? "CredentialMissing" : "grant";
}

type OnObjects = Operation & { kind: "erase" | "destroy" | "delete" };

function erase({ objects }: Model, { by, names }: OnObjects): string {
  const first = objects.get(names[0]!);
  if (!first) return "vault/UnknownObject";
  if (!actsFor(by, first.owner)) return "vault/NotOwner";
  const seen = new Set<string>();
  for (const name of names) {
    const object = objects.get(name);
    if (!object) return "vault/UnknownObject";
    if (object.owner !== first.owner) return "vault/SeveralOwners";
    if (object.erased || seen.has(name)) return "vault/ObjectErased";
    seen.add(name);
  }
  for (const name of names) objects.get(name)!.erased = true;
  return "vault.erased";
}

function rewrap({ objects }: Model, { by, names, fault }: Operation & { kind: "rewrap" }): string {
  if (fault === "blob") return "vault/BlobReused";
  for (const name of names) {
    const object = objects.get(name);
    if (!object) return "vault/UnknownObject";
    if (object.owner !== by) return "vault/NotOwner";
    if (object.erased) return "vault/ObjectErased";
  }
  return "vault.rewrapped";
}

function destroy({ copies }: Model, { by, names }: OnObjects): string {
  if (new Set(names).size < names.length || names.some((name) => !copies.get(`${name} ${by}`))) return "vault/NoCopy";
  for (const name of names) copies.set(`${name} ${by}`, false);
  return "vault.copyDestroyed";
}

function remove({ objects, deleted }: Model, { by, names }: OnObjects): string {
  if (by !== "hospital") return "vault/NotMember";
  const seen = new Set(deleted);
  for (const name of names) {
    const object = objects.get(name);
    if (!object) return "vault/UnknownObject";
    if (!object.erased) return "vault/NotErased";
    if (seen.has(name)) return "vault/AlreadyStated";
    seen.add(name);
  }
  for (const name of names) deleted.add(name);
  return "vault.blobsDeleted";
}
