import { query } from "@galen/sdk/client/query";
import type { ListedDocument } from "@galen/sdk/records/owned-documents";
import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import type { ChartDocument } from "../../chart/chart.ts";
import { useFormats } from "../../frame/formats.ts";
import { useTexts } from "../../frame/texts.ts";
import { shortId, useNames } from "../../keys/names.ts";
import { useNetwork } from "../../network/network.tsx";
import type { OpenedRecord } from "../../records/opened-record.ts";
import { useRecordClosing } from "../../records/use-record.ts";
import { Note } from "../../ui/surface.tsx";
import styles from "./clinician.module.css";
import { coSignTexts } from "./co-sign-texts.ts";

interface StatedSinceProps {
  readonly account: string;
  readonly record: OpenedRecord;
  readonly document: ChartDocument;
}

/** What has been filed about a document. */
export function useHistory(objectId: string) {
  const network = useNetwork();
  return useQuery({
    queryKey: ["history", objectId],
    enabled: network.data !== undefined,
    // No event tells a reader what is filed for the patient: it is asked for whenever somebody looks.
    staleTime: 0,
    refetchOnWindowFocus: true,
    queryFn: () => historyOf(network.data!.client, objectId),
  });
}

/** Who has filed something about a document since the record was opened, such as the co-signature that was asked for. To read it is another reading, and so another press. */
export function StatedSince({ account, record, document: { objectId } }: StatedSinceProps) {
  const t = useTexts(coSignTexts);
  const formats = useFormats();
  const names = useNames();
  const close = useRecordClosing(account);
  const { data: history = [] } = useHistory(objectId);
  const isOpen = new Set(record.documents.map((one) => one.objectId));
  const since = history.filter(({ relation, createdAt, ...one }) => {
    return relation.kind === "statementOn" && relation.objectId === objectId && createdAt > record.openedAt && !isOpen.has(one.objectId);
  });
  if (since.length === 0) return null;
  const authors = [...new Set(since.map(({ author }) => names.get(author)?.name ?? shortId(author)))];
  return (
    <div className={styles.notes} data-screen-only>
      <Note tone="brand">
        <div className={styles.refusal}>
          {t("since", { authors: formats.list(authors) })}
          <Button variant="default" onClick={close}>
            {t("openAgain")}
          </Button>
        </div>
      </Note>
    </div>
  );
}

async function historyOf(client: Parameters<typeof query>[0], objectId: string): Promise<readonly ListedDocument[]> {
  return (await query<{ readonly documents: readonly ListedDocument[] }>(client, "records.history", { objectId })).result.documents;
}
