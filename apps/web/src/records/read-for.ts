import { describeDocument } from "@galen/gateway/fhir/document-facts";
import { contentOf } from "@galen/gateway/reading/owned-records";
import { presentDocuments } from "@galen/sdk/records/owned-documents";
import { readGranted } from "@galen/sdk/records/read-granted";
import { type Chart, readChart } from "../chart/chart.ts";
import { usePerson } from "../keys/person.ts";
import { useRequireNetwork } from "../network/network.tsx";
import { statementOf } from "./statement-of.ts";

/** Opens the records of somebody for whom this person acts, by a release that is logged first. HL7 FAMRQT: at the request of the family. */
export function useReadFor(): (owner: string) => Promise<Chart> {
  const { own } = usePerson();
  const requireNetwork = useRequireNetwork();
  return async (owner) => {
    const { client } = requireNetwork();
    const listed = await presentDocuments(client, owner);
    if (listed.length === 0) return readChart([]);
    const objectIds = listed.map(({ objectId }) => objectId);
    const { opened } = await readGranted(client, { as: own, objectIds, purpose: "FAMRQT" });
    const documents = opened.map((one, index) => {
      const content = contentOf(one);
      const { title, period, compartment } = describeDocument(content);
      const { objectId, author, relation } = listed[index]!;
      const label = one.object.policy.compartment;
      return { objectId, title, day: period?.start, compartment, label, author, ...statementOf(relation), content };
    });
    return readChart(documents);
  };
}
