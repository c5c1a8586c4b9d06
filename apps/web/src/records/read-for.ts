import { describeDocument } from "@galen/gateway/fhir/document-facts";
import { contentsOf } from "@galen/gateway/reading/owned-records";
import { presentDocuments } from "@galen/sdk/records/owned-documents";
import { readGranted } from "@galen/sdk/records/read-granted";
import { type OpenedChart, readChart } from "../chart/chart.ts";
import { usePerson } from "../keys/person.ts";
import { useRequireNetwork } from "../network/network.tsx";
import { requireUnlocked } from "../signing/signing.tsx";
import { statementOf } from "./statement-of.ts";

/** Opens the records of somebody for whom this person acts, by a release that is logged first. HL7 FAMRQT: at the request of the family. */
export function useReadFor(): (owner: string) => Promise<OpenedChart> {
  const { own } = usePerson();
  const requireNetwork = useRequireNetwork();
  return async (owner) => {
    const { client } = requireNetwork();
    const listed = await presentDocuments(client, owner);
    if (listed.length === 0) return { ...readChart([]), unreadable: 0 };
    const objectIds = listed.map(({ objectId }) => objectId);
    let unreadable = 0;
    const onUnreadable = () => {
      unreadable += 1;
    };
    const beforeSigning = () => requireUnlocked(own.account);
    const { opened } = await readGranted(client, { as: own, objectIds, purpose: "FAMRQT", beforeSigning, onUnreadable });
    const filed = new Map(listed.map((document) => [document.objectId, document]));
    const documents = contentsOf(opened, onUnreadable).map(({ object: { objectId, policy }, content }) => {
      const { title, period, compartment } = describeDocument(content);
      const { author, relation } = filed.get(objectId)!;
      return { objectId, title, day: period?.start, compartment, label: policy.compartment, author, ...statementOf(relation), content };
    });
    return { ...readChart(documents), unreadable };
  };
}
