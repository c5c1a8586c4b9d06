import type { JsonObject } from "../json-value.ts";

/** A small bundle with one of each way to belong: two encounters, links through others, directory, person and no link at all. */
export function sampleBundle(): { resourceType: string; type: string; entry: JsonObject[] } {
  return {
    resourceType: "Bundle",
    type: "transaction",
    entry: [
      entry("Patient", "p", { name: [{ family: "Example", given: ["Ada"] }], birthDate: "1980-02-29" }),
      entry("Organization", "clinic", { name: "Clinic" }),
      entry("Practitioner", "doctor", { name: [{ family: "Doctor" }] }),
      entry("Encounter", "visit", {
        subject: to("p"),
        type: [{ text: "Check up" }],
        period: { start: "2020-05-01T09:00:00Z", end: "2020-05-01T09:30:00Z" },
        participant: [{ individual: to("doctor") }],
        serviceProvider: to("clinic"),
      }),
      entry("MedicationRequest", "pills", { subject: to("p"), encounter: to("visit"), requester: to("doctor") }),
      entry("Goal", "goal", { subject: to("p") }),
      entry("CarePlan", "plan", { subject: to("p"), encounter: to("visit"), goal: [to("goal")] }),
      entry("Claim", "claim", { patient: to("p"), item: [{ encounter: [to("visit")] }] }),
      entry("ExplanationOfBenefit", "benefit", { patient: to("p"), claim: to("claim") }),
      entry("Encounter", "stay", { subject: to("p"), serviceProvider: to("clinic"), period: { start: "2021-01-03" } }),
      entry("AllergyIntolerance", "nuts", { patient: to("p"), code: { text: "Nuts" } }),
      entry("Provenance", "signature", { target: [to("visit"), to("stay")] }),
      entry("Location", "unused", { name: "Cellar" }),
    ],
  };
}

/** Reference to the entry with this id. */
export function to(id: string): JsonObject {
  return { reference: `urn:uuid:${id}` };
}

export function entry(type: string, id: string, elements: JsonObject): JsonObject {
  return { fullUrl: `urn:uuid:${id}`, resource: { resourceType: type, id, ...elements }, request: { method: "POST", url: type } };
}
