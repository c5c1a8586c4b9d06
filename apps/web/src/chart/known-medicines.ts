import { objectsAt, textAt } from "@galen/gateway/fhir/json-value";
import { medicinesIn } from "@galen/gateway/fhir/medicine";
import { negationOf } from "@galen/gateway/fhir/negation";
import { conceptText } from "@galen/gateway/fhir/plain-text";
import type { MedicineCode } from "@galen/gateway/fhir/prescription";
import { standingResources } from "@galen/gateway/fhir/retraction";
import type { ChartDocument } from "./chart.ts";

/** Medicines that a record names as ordered, handed out, given or taken, with the code that it gives them; the latest document's where they differ. */
export function knownMedicines(documents: readonly ChartDocument[]): ReadonlyMap<string, MedicineCode | undefined> {
  const found = new Map<string, MedicineCode | undefined>();
  for (const { content } of documents) {
    const medicineOf = medicinesIn(content);
    for (const resource of standingResources(content)) {
      if (negationOf(resource)) continue;
      const concept = medicineOf(resource);
      const name = conceptText(concept);
      if (name === undefined || found.has(name)) continue;
      const [coding] = objectsAt(concept, "coding");
      const [system, code] = [textAt(coding, "system"), textAt(coding, "code")];
      found.set(name, system === undefined || code === undefined ? undefined : { system, code });
    }
  }
  return found;
}
