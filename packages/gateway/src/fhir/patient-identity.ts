import type { CheckedBundle } from "./bundle.ts";
import { contentHash } from "./content-hash.ts";
import { type JsonValue, objectsAt } from "./json-value.ts";

/**
 * By what the same patient is recognised in another file, hex of 32 bytes: the first identifier with system and value, else the full address of
 * the entry, else id, name and birth date together. Ids alone repeat between systems: FHIR's own examples are all called "example".
 */
export function patientIdentity({ entries, patient }: CheckedBundle): Promise<string> {
  const entry = entries[patient]!;
  const identifier = objectsAt(entry.resource, "identifier").find(({ system, value }) => isText(system) && isText(value));
  const { fullUrl, resource } = entry;
  const identity: JsonValue =
    identifier !== undefined
      ? ["identifier", identifier.system!, identifier.value!]
      : fullUrl !== undefined
        ? ["fullUrl", fullUrl]
        : ["person", resource.id ?? null, resource.name ?? null, resource.birthDate ?? null];
  return contentHash(identity);
}

function isText(value: JsonValue | undefined): value is string {
  return typeof value === "string" && value !== "";
}
