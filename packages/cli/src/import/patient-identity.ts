import { createHash } from "node:crypto";
import { type CheckedBundle, canonicalText, type JsonObject, type JsonValue } from "@galen/gateway";

/**
 * By what the same patient is recognised in another file, hex of 32 bytes: the first identifier with system and value, else the full address of
 * the entry, else id, name and birth date together. Ids alone repeat between systems: FHIR's own examples are all called "example".
 */
export function patientIdentity({ entries, patient }: CheckedBundle): string {
  const entry = entries[patient]!;
  const identifier = objectsIn(entry.resource.identifier).find(({ system, value }) => isText(system) && isText(value));
  const { fullUrl, resource } = entry;
  const identity: JsonValue =
    identifier !== undefined
      ? ["identifier", identifier.system!, identifier.value!]
      : fullUrl !== undefined
        ? ["fullUrl", fullUrl]
        : ["person", resource.id ?? null, resource.name ?? null, resource.birthDate ?? null];
  return createHash("sha256").update(canonicalText(identity)).digest("hex");
}

function objectsIn(value: JsonValue | undefined): readonly JsonObject[] {
  return Array.isArray(value)
    ? value.filter((item): item is JsonObject => typeof item === "object" && item !== null && !Array.isArray(item))
    : [];
}

function isText(value: JsonValue | undefined): value is string {
  return typeof value === "string" && value !== "";
}
