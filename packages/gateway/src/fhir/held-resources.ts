import { forEachMember, isList, isObject, type JsonObject, type JsonValue, textAt } from "./json-value.ts";

/** A resource, or one inside of it: contained, or what a Bundle or Parameters holds that is kept as a resource. */
export interface HeldResource {
  /** The way from the outermost resource. */
  readonly steps: readonly (string | number)[];
  readonly resource: JsonObject;
  /** The resource to whose `contained` its references of the form `#id` lead; itself unless it is contained. */
  readonly root: JsonObject;
  /** The address of its entry, in a Bundle inside. */
  readonly fullUrl: string | undefined;
}

/** The resource and all that it holds, the outer before the inner. Depth is bounded by the reader's limit on nesting. */
export function resourcesIn(resource: JsonObject): readonly HeldResource[] {
  const found: HeldResource[] = [{ steps: [], resource, root: resource, fullUrl: undefined }];
  collect(resource, [], resource, found);
  return found;
}

/** `steps` is the way to `value`, changed on the walk; `root` that of the resource around. */
function collect(value: JsonObject | readonly JsonValue[], steps: (string | number)[], root: JsonObject, found: HeldResource[]): void {
  forEachMember(value, (member, step) => {
    if (!isList(member) && !isObject(member)) return;
    steps.push(step);
    if (isObject(member) && textAt(member, "resourceType") !== undefined) {
      const isContained = steps.at(-2) === "contained" || step === "contained";
      const ownRoot = isContained ? root : member;
      const fullUrl = isObject(value) ? textAt(value, "fullUrl") : undefined;
      found.push({ steps: [...steps], resource: member, root: ownRoot, fullUrl });
      collect(member, steps, ownRoot, found);
    } else {
      collect(member, steps, root, found);
    }
    steps.pop();
  });
}
