import { canonicalText, isList, isObject, type JsonObject, type JsonValue, objectAt, objectsAt, textAt } from "./json-value.ts";
import { jsonPath } from "./refusal.ts";

export interface Difference {
  readonly kind: "missing" | "changed" | "extra" | "moved";
  /** JSON path of the place: in the first bundle, or in the second for `extra`. Never the content. */
  readonly path: string;
}

export interface Comparison {
  /** Resources in the first bundle. */
  readonly resources: number;
  /** Of these, resources that the second has equal: same canonical JSON, every number digit by digit. */
  readonly equal: number;
  /** Empty when the second bundle has all resources of the first, equal, in the same order, and no more. */
  readonly differences: readonly Difference[];
}

interface Candidate {
  readonly name: string;
  readonly position: number;
  readonly resource: JsonObject;
  readonly text: string;
}

/** Compares the resources that went in with those that came back. Entries are matched by fullUrl, else by type and id, else by content. */
export function compareBundles(before: JsonObject, after: JsonObject): Comparison {
  const left = Map.groupBy(objectsAt(after, "entry").map(candidateOf), ({ name }) => name);
  const differences: Difference[] = [];
  let equal = 0;
  let lastPosition = -1;
  const entries = objectsAt(before, "entry");
  for (const [position, entry] of entries.entries()) {
    const wanted = candidateOf(entry, position);
    const found = take(left.get(wanted.name) ?? [], wanted.text);
    const steps = ["entry", position];
    if (found === undefined) differences.push({ kind: "missing", path: jsonPath(steps) });
    else if (found.text !== wanted.text)
      differences.push({ kind: "changed", path: jsonPath(firstDifference(wanted.resource, found.resource, [...steps, "resource"])) });
    else equal += 1;
    if (found !== undefined && found.position < lastPosition) differences.push({ kind: "moved", path: jsonPath(steps) });
    lastPosition = Math.max(lastPosition, found?.position ?? -1);
  }
  const extra = [...left.values()].flat().map(({ position }): Difference => ({ kind: "extra", path: jsonPath(["entry", position]) }));
  return { resources: entries.length, equal, differences: [...differences, ...extra] };
}

function candidateOf(entry: JsonObject, position: number): Candidate {
  const resource = objectAt(entry, "resource") ?? {};
  const id = textAt(resource, "id");
  const text = canonicalText(resource);
  return {
    name: textAt(entry, "fullUrl") ?? (id === undefined ? text : `${textAt(resource, "resourceType")}/${id}`),
    position,
    resource,
    text,
  };
}

/** Takes the first candidate with this text out of the list, else the first. */
function take(candidates: Candidate[], text: string): Candidate | undefined {
  const index = candidates.findIndex((candidate) => candidate.text === text);
  return candidates.splice(Math.max(index, 0), 1)[0];
}

type Step = string | number;

/** Steps to the first place where the two differ. */
function firstDifference(a: JsonValue, b: JsonValue, steps: readonly Step[]): readonly Step[] {
  const members = childrenOf(a);
  const others = childrenOf(b);
  if (members === undefined || others === undefined || isList(a) !== isList(b)) return steps;
  for (const step of new Set([...members.keys(), ...others.keys()])) {
    const member = members.get(step);
    const other = others.get(step);
    if (member === undefined || other === undefined) return [...steps, step];
    if (canonicalText(member) !== canonicalText(other)) return firstDifference(member, other, [...steps, step]);
  }
  return steps;
}

function childrenOf(value: JsonValue): ReadonlyMap<Step, JsonValue> | undefined {
  if (isList(value)) return new Map(value.entries());
  return isObject(value) ? new Map(Object.entries(value)) : undefined;
}
