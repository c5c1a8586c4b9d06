import { type FilingTown, foundFilingTown } from "@galen/sdk/records/testing/filing-town";
import { beforeAll, expect, it } from "vitest";
import { readRecords } from "./read-records.ts";

let town: FilingTown;
beforeAll(async () => {
  town = await foundFilingTown();
  await town.file("of the patient", { by: town.patient, isAlone: true });
});

it("there is nothing to read of somebody who has no records, whatever others have", async () => {
  const { account: owner } = town.neighbour;
  const reading = readRecords(town.client(), { as: { account: owner, signers: [] }, owner, purpose: "PATRQT" });
  await expect(reading).rejects.toMatchObject({ kind: { id: "cli/NoRecords" }, details: { patient: owner } });
});
