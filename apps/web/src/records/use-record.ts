import { skipToken, useMutation, useQuery } from "@tanstack/react-query";
import { queries } from "../frame/queries.ts";
import { useTexts } from "../frame/texts.ts";
import { keepHere } from "../keys/keep-here.ts";
import { useNames } from "../keys/names.ts";
import { usePerson } from "../keys/person.ts";
import { requireNetwork } from "../network/network.tsx";
import { useAskBeforeSigning } from "../signing/signing.tsx";
import { type EmergencyRecord, type OpenedRecord, openGranted, openInEmergency, openOlder, type Purpose } from "./opened-record.ts";
import { openingTexts } from "./opening-texts.ts";
import { useReceivedGrants } from "./received-grants.ts";

const keyOf = (reader: string, owner: string) => ["patient-record", reader, owner];

/** The record of a patient, if it is open in this tab. Looking at it again is no second reading. */
export function useOpenedRecord(owner: string): OpenedRecord | undefined {
  const { own } = usePerson();
  return useQuery<OpenedRecord>({ queryKey: keyOf(own.account, owner), queryFn: skipToken, staleTime: Number.POSITIVE_INFINITY }).data;
}

type RecordChange = (now: OpenedRecord | undefined) => OpenedRecord | undefined;

/** Changes what is open of a record by then. What is closed stays closed where the change gives nothing for it. */
export function changeRecord(reader: string, owner: string, change: RecordChange): void {
  const queryKey = keyOf(reader, owner);
  const record = change(queries.getQueryData<OpenedRecord>(queryKey));
  if (record) keepHere(reader, queryKey, record);
}

/** Forgets what is open of a record. */
export function useRecordClosing(owner: string): () => void {
  const { account } = usePerson().own;
  // Whoever shows it hears of it; a query that is only removed leaves the page as it is.
  return () => void queries.resetQueries({ queryKey: keyOf(account, owner) });
}

/** Whose record is opened, and how: by the patient's grants for a purpose, in an emergency for a reason, or more of it after one. */
type Way = { readonly owner: string } & (
  | { readonly kind: "granted"; readonly purpose: Purpose }
  | { readonly kind: "emergency"; readonly reason: string }
  | { readonly kind: "older"; readonly after: EmergencyRecord }
);

export function useOpening() {
  const t = useTexts(openingTexts);
  const { own } = usePerson();
  const names = useNames();
  const { data: received = [] } = useReceivedGrants();
  const askBeforeSigning = useAskBeforeSigning();
  return useMutation({
    async mutationFn(way: Way): Promise<RecordChange> {
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
      if (way.kind === "older") return openOlder(opening, way.after);
      const record = await (way.kind === "granted"
        ? openGranted(opening, { grants, purpose: way.purpose })
        : openInEmergency(opening, way.reason));
      return () => record;
    },
    // Whose it is was said with the press: the page may show somebody else by now.
    onSuccess: (change, { owner }) => changeRecord(own.account, owner, change),
    // A reading is counted, a refusal may mean that the grant has ended.
    onSettled: () => queries.invalidateQueries({ queryKey: ["received-grants"] }),
  });
}
