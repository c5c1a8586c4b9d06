import { presentDocuments } from "@galen/sdk/records/owned-documents";
import { readGranted } from "@galen/sdk/records/read-granted";
import { type OpenedChart, readChart } from "../chart/chart.ts";
import { usePerson } from "../keys/person.ts";
import { requireNetwork } from "../network/network.tsx";
import { requireUnlocked } from "../signing/signing.tsx";
import { readDocuments } from "./read-documents.ts";

/** Opens the records of somebody for whom this person acts, by a release that is logged first. HL7 FAMRQT: at the request of the family. */
export function useReadFor(): (owner: string) => Promise<OpenedChart> {
  const { own } = usePerson();
  return async (owner) => {
    const { client } = await requireNetwork();
    const listed = await presentDocuments(client, owner);
    if (listed.length === 0) return { ...readChart([]), unreadable: [] };
    const objectIds = listed.map(({ objectId }) => objectId);
    const beforeSigning = () => requireUnlocked(own.account);
    const { documents, unreadable } = await readDocuments(listed, (reading) =>
      readGranted(client, { as: own, objectIds, purpose: "FAMRQT", beforeSigning, ...reading }),
    );
    return { ...readChart(documents), unreadable };
  };
}
