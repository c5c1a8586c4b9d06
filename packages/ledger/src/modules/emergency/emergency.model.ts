import fc from "fast-check";

export const owners = ["patient", "neighbour"] as const;
/** A licensed clinician, a nurse without a licence. */
export const readers = ["clinician", "nurse"] as const;
/** The authority's auditor; the auditor of the hospital, for which both readers work. */
export const auditors = ["auditor", "houseAuditor"] as const;
export const compartments = ["general", "mental"] as const;
const DAY_MS = 86_400_000;
const MAX_PER_DAY = 8;

type Owner = (typeof owners)[number];
type Compartment = (typeof compartments)[number];

export type Operation = { readonly waitMs: number } & (
  | { readonly kind: "allow"; readonly owner: Owner; readonly opens: readonly Compartment[] | "everything" }
  | { readonly kind: "forbid"; readonly owner: Owner }
  | { readonly kind: "request"; readonly owner: Owner; readonly reader: (typeof readers)[number]; readonly asked: readonly Compartment[] }
  | { readonly kind: "review"; readonly by: Owner | (typeof auditors)[number]; readonly use: number }
);

interface Use {
  readonly owner: Owner;
  readonly reader: string;
  readonly at: number;
  byOwner: boolean;
  byAuditor: boolean;
}

/** What the module must answer, in plain lists. */
export interface Model {
  readonly allowed: Map<Owner, readonly Compartment[] | "everything">;
  readonly uses: Use[];
}

export function createModel(): Model {
  return { allowed: new Map(), uses: [] };
}

const someCompartments = fc.subarray([...compartments], { minLength: 1 });
const step = fc.oneof(
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant("allow" as const),
      owner: fc.constantFrom(...owners),
      opens: fc.oneof(fc.constant("everything" as const), someCompartments),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("forbid" as const), owner: fc.constantFrom(...owners) }) },
  {
    weight: 8,
    arbitrary: fc.record({
      kind: fc.constant("request" as const),
      owner: fc.constantFrom(...owners),
      reader: fc.constantFrom("clinician" as const, "clinician" as const, "clinician" as const, ...readers),
      asked: someCompartments,
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({ kind: fc.constant("review" as const), by: fc.constantFrom(...owners, ...auditors), use: fc.nat(2) }),
  },
);

/** Random transactions; now and then most of a day passes. */
export const operation: fc.Arbitrary<Operation> = fc
  .record({ step, waitMs: fc.constantFrom(0, 0, 0, 0, 0, DAY_MS / 4) })
  .map(({ step: one, waitMs }) => ({ ...one, waitMs }));

/** The use that a review is about: the last but so many. */
export function targetOf({ uses }: Model, back: number): number {
  return uses.length - 1 - back;
}

/** Applies an operation at block time `now`; returns the id of the refusal, or for a request what is logged, or undefined. */
export function apply(model: Model, operation: Operation, now: number): string | undefined {
  switch (operation.kind) {
    case "allow":
      model.allowed.set(operation.owner, operation.opens);
      return undefined;
    case "forbid":
      return model.allowed.delete(operation.owner) ? undefined : "emergency/NothingAllowed";
    case "request":
      return applyRequest(model, operation, now);
    case "review":
      return applyReview(operation.by, model.uses[targetOf(model, operation.use)]);
  }
}

function applyRequest(model: Model, { owner, reader, asked }: Operation & { kind: "request" }, now: number): string {
  const opens = model.allowed.get(owner);
  if (opens === undefined) return "EmergencyNotAllowed";
  if (opens !== "everything" && !asked.every((compartment) => opens.includes(compartment))) return "WrongCompartment";
  if (reader !== "clinician") return "CredentialMissing";
  if (model.uses.filter((use) => use.reader === reader && now - use.at < DAY_MS).length >= MAX_PER_DAY) return "TooManyEmergencies";
  model.uses.push({ owner, reader, at: now, byOwner: false, byAuditor: false });
  return "emergency";
}

function applyReview(by: string, use: Use | undefined): string | undefined {
  if (!use) return "emergency/UnknownUse";
  if (by === "houseAuditor") return "emergency/OwnHouse";
  const side = by === "auditor" ? "byAuditor" : "byOwner";
  if (side === "byOwner" && by !== use.owner) return "emergency/NotReviewer";
  if (use[side]) return "emergency/AlreadyReviewed";
  use[side] = true;
  return undefined;
}
