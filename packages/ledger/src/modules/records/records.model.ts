import fc from "fast-check";

const people = ["patient", "neighbour", "hospital", "clinician", "daughter", "stranger"] as const;
export type Person = (typeof people)[number];
export type Owner = "patient" | "neighbour";
export const owners: readonly Owner[] = ["patient", "neighbour"];
export const names = Array.from({ length: 40 }, (_, at) => `document ${at}`);
const kinds = ["none", "replaces", "corrects", "statementOn"] as const;

export interface Filed {
  readonly name: string;
  readonly owner: Owner;
  readonly kind: (typeof kinds)[number];
  readonly target: string;
}

/** One `records.add`; `forHospital` names the hospital as the organisation. */
export interface Operation {
  readonly by: Person;
  readonly forHospital: boolean;
  readonly filed: readonly Filed[];
}

const name = fc.constantFrom(...names);
const filed: fc.Arbitrary<Filed> = fc.record({
  name,
  owner: fc.constantFrom<Owner>("patient", "patient", "patient", "neighbour"),
  kind: fc.constantFrom(...kinds, "none" as const),
  // Low numbers are on file sooner, so more relations find their target.
  target: fc.constantFrom(...names.slice(0, 8)),
});
export const operation: fc.Arbitrary<Operation> = fc.record({
  by: fc.constantFrom<Person>("hospital", "hospital", "clinician", "clinician", ...people),
  forHospital: fc.boolean(),
  filed: fc.array(filed, { minLength: 1, maxLength: 3 }),
});

/** What stands at the beginning: something to refer to. */
export const founding: Operation = {
  by: "hospital",
  forHospital: false,
  filed: names.slice(0, 4).map((name, at) => ({ name, owner: at === 3 ? "neighbour" : "patient", kind: "none", target: "" })),
};

/** What the module must answer: the documents in the order in which they were filed, and nothing else. */
export interface Model {
  documents: readonly (Filed & { readonly author: Person })[];
}

export function createModel(): Model {
  return { documents: [] };
}

/** Executes the operation; answers the refusal, or undefined. */
export function apply(model: Model, { by, forHospital, filed }: Operation): string | undefined {
  let { documents } = model;
  for (const document of filed) {
    const isStaff = by === "hospital" || by === "clinician";
    const mayWrite = forHospital
      ? isStaff
      : by === "hospital" || by === document.owner || (by === "daughter" && document.owner === "neighbour");
    if (!mayWrite) return "records/NotAuthor";
    if (documents.some(({ name }) => name === document.name)) return "records/AlreadyFiled";
    const target = documents.find(({ name }) => name === document.target);
    if (document.kind !== "none" && !target) return "records/UnknownDocument";
    if (document.kind !== "none" && target!.owner !== document.owner) return "records/ForeignTarget";
    documents = [...documents, { ...document, author: by }];
  }
  model.documents = documents;
  return undefined;
}

/** The documents that are linked to the one of this name by any path of relations, in the order in which they were filed. */
export function historyOf({ documents }: Model, name: string): string[] {
  const linked = new Set([name]);
  for (let size = 0; size < linked.size; ) {
    size = linked.size;
    for (const document of documents) {
      if (document.kind === "none") continue;
      if (linked.has(document.name)) linked.add(document.target);
      if (linked.has(document.target)) linked.add(document.name);
    }
  }
  return documents.filter((document) => linked.has(document.name)).map((document) => document.name);
}
