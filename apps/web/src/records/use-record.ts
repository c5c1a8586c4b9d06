import { skipToken, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useTexts } from "../frame/texts.ts";
import { keepHere } from "../keys/keep-here.ts";
import { useNames } from "../keys/names.ts";
import { usePerson } from "../keys/person.ts";
import { requireNetwork } from "../network/network.tsx";
import { useAskBeforeSigning } from "../signing/signing.tsx";
import { type EmergencyUse, type OpenedRecord, openGranted, openInEmergency, openOlder, type Purpose } from "./opened-record.ts";
import { openingTexts } from "./opening-texts.ts";
import { useReceivedGrants } from "./received-grants.ts";

const keyOf = (reader: string, owner: string) => ["patient-record", reader, owner];

/** The record of a patient, if it is open in this tab. Looking at it again is no second reading. */
export function useOpenedRecord(owner: string): OpenedRecord | undefined {
  const { own } = usePerson();
  return useQuery<OpenedRecord>({ queryKey: keyOf(own.account, owner), queryFn: skipToken, staleTime: Number.POSITIVE_INFINITY }).data;
}

/** Changes or forgets what is open. */
export function useRecordChange(owner: string): (record: OpenedRecord | undefined) => void {
  const { account } = usePerson().own;
  const queries = useQueryClient();
  const queryKey = keyOf(account, owner);
  return (record) => {
    if (record) keepHere(account, queryKey, record);
    // Whoever shows it hears of it; a query that is only removed leaves the page as it is.
    else void queries.resetQueries({ queryKey });
  };
}

/** Whose record is opened, and how: by the patient's grants for a purpose, in an emergency for a reason, or more of it after one. */
type Way = { readonly owner: string } & (
  | { readonly kind: "granted"; readonly purpose: Purpose }
  | { readonly kind: "emergency"; readonly reason: string }
  | { readonly kind: "older"; readonly after: EmergencyUse }
);

export function useOpening() {
  const t = useTexts(openingTexts);
  const { own } = usePerson();
  const names = useNames();
  const { data: received = [] } = useReceivedGrants();
  const queries = useQueryClient();
  const askBeforeSigning = useAskBeforeSigning();
  return useMutation({
    async mutationFn(way: Way): Promise<OpenedRecord> {
      const { client } = await requireNetwork();
      const { owner } = way;
      const grants = received.filter((grant) => grant.owner === owner);
      const grantName = t("grantOf", { name: names.get(owner)?.name ?? t("thePatient") });
      const opening = {
        client,
        own,
        owner,
        numberName: (number: number) => t("documentNumber", { number }),
        ask: (documents: (id: string) => string | undefined) =>
          askBeforeSigning((id) => documents(id) ?? (grants.some(({ grantId }) => grantId === id) ? grantName : undefined)),
      };
      if (way.kind === "granted") return openGranted(opening, { grants, purpose: way.purpose });
      if (way.kind === "emergency") return openInEmergency(opening, way.reason);
      return openOlder(opening, way.after, () => queries.getQueryData<OpenedRecord>(keyOf(own.account, owner)));
    },
    // Whose it is was said with the press: the page may show somebody else by now.
    onSuccess: (record, { owner }) => keepHere(own.account, keyOf(own.account, owner), record),
    // A reading is counted, a refusal may mean that the grant has ended.
    onSettled: () => queries.invalidateQueries({ queryKey: ["received-grants"] }),
  });
}
