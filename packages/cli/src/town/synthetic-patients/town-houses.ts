import type { JsonObject } from "@galen/gateway";
import { inventedName } from "./invented-names.ts";
import { createRandom } from "./random.ts";
import { addResource, type Chart, term } from "./resources.ts";

const names = ["Sampleton General Hospital", "Testerly Lane Clinic", "Mockridge Family Practice"];

/** Far from the patients' indexes, so that no doctor has a patient's name. */
const FIRST_DOCTOR_NAME = 200;

/** References to one of the town's houses and its doctor. They are the same for all patients of a town; each bundle has them once. */
export function visitHouse({ entries, random }: Chart, seed: string): { readonly house: JsonObject; readonly doctor: JsonObject } {
  const name = random.pick(names);
  const index = names.indexOf(name);
  const ids = createRandom(`${seed}/house/${index}`);
  const [houseId, doctorId] = [ids.uuid(), ids.uuid()];
  if (!entries.some(({ fullUrl }) => fullUrl === `urn:uuid:${houseId}`)) {
    const { given, family } = inventedName(FIRST_DOCTOR_NAME + index);
    addResource({ random, entries }, "Organization", { active: true, type: [term("organization-type", "prov")], name }, houseId);
    addResource({ random, entries }, "Practitioner", { active: true, name: [{ family, given: [given], prefix: ["Dr."] }] }, doctorId);
  }
  return { house: { reference: `urn:uuid:${houseId}` }, doctor: { reference: `urn:uuid:${doctorId}` } };
}
