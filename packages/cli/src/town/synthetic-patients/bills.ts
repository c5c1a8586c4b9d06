import { addResource, dollars, term, type Visit } from "./resources.ts";

const payer = { display: "Sample Town Health Plan" };

/** Adds the claim for the visit and the insurer's answer, which refers to the claim only. */
export function addBill(visit: Visit): void {
  const total = dollars(visit.random.decimal(70, 480, 2));
  const billed = {
    status: "active",
    type: term("claim-type", "institutional"),
    use: "claim",
    patient: visit.patient,
    billablePeriod: { start: visit.start, end: visit.end },
    created: visit.end,
  };
  const claim = addResource(visit, "Claim", {
    ...billed,
    provider: visit.house,
    priority: term("processpriority", "normal"),
    insurance: [{ sequence: 1, focal: true, coverage: payer }],
    item: [{ sequence: 1, productOrService: { text: "Visit" }, encounter: [visit.encounter] }],
    total,
  });
  addResource(visit, "ExplanationOfBenefit", {
    ...billed,
    insurer: payer,
    provider: visit.doctor,
    outcome: "complete",
    claim,
    insurance: [{ focal: true, coverage: payer }],
    total: [{ category: term("adjudication", "submitted"), amount: total }],
  });
}
