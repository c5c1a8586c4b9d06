import { Button } from "@mantine/core";
import { IconPencil, IconPill, IconPrinter, IconX } from "@tabler/icons-react";
import { Link, useParams } from "@tanstack/react-router";
import { readChart } from "../../chart/chart.ts";
import { ChartPlaceContext } from "../../chart/chart-place.ts";
import { ChartViews } from "../../chart/chart-views.tsx";
import { usePurposeWords } from "../../chart/purpose-words.ts";
import { describeFailure } from "../../frame/failure.ts";
import { useFormats } from "../../frame/formats.ts";
import { useTexts } from "../../frame/texts.ts";
import type { EmergencyRecord, OpenedRecord } from "../../records/opened-record.ts";
import { useOpenedRecord, useOpening, useRecordClosing } from "../../records/use-record.ts";
import { NotSignedError } from "../../signing/signing.tsx";
import { BackLink } from "../../ui/back-link.tsx";
import { Actions, Note, PageHeader } from "../../ui/surface.tsx";
import styles from "./clinician.module.css";
import { chartPlaceOf } from "./document-page.tsx";
import { EmergencyBanner, KeepReason } from "./emergency-banner.tsx";
import { OpenForm } from "./open-form.tsx";
import { usePatientName } from "./patients-page.tsx";
import { prescriptionTexts } from "./prescription-texts.ts";
import { clinicianTexts } from "./texts.ts";

/** A patient's record: first why it is opened, then what it says. */
export function Page() {
  const t = useTexts(clinicianTexts);
  const { account } = useParams({ strict: false }) as { readonly account: string };
  const record = useOpenedRecord(account);
  return (
    <>
      <BackLink to="/clinician">{t("allPatients")}</BackLink>
      {record ? <Record account={account} record={record} /> : <OpenForm key={account} account={account} />}
    </>
  );
}

interface RecordProps {
  readonly account: string;
  readonly record: OpenedRecord;
}

function Record({ account, record }: RecordProps) {
  const t = useTexts(clinicianTexts);
  const formats = useFormats();
  const purposeWords = usePurposeWords();
  const name = usePatientName()(account);
  const { documents, purpose, openedAt, unreadable, emergency, releaseIds } = record;
  const lead = t("openedLead", { purpose: purposeWords(purpose), time: formats.dateTime(openedAt), count: documents.length });
  return (
    <>
      {emergency && (
        <EmergencyBanner name={name} openedAt={openedAt}>
          <KeepReason releaseIds={releaseIds} reason={emergency.reason} />
        </EmergencyBanner>
      )}
      <PageHeader title={name} lead={lead}>
        <RecordActions account={account} />
      </PageHeader>
      {emergency && emergency.older > 0 && <Older account={account} record={{ ...record, emergency }} />}
      <ChartPlaceContext value={chartPlaceOf(account)}>
        <ChartViews chart={{ ...readChart(documents), unreadable }} />
      </ChartPlaceContext>
    </>
  );
}

/** What a use in an emergency had no room for, and the way to it. */
function Older({ account, record }: Pick<RecordProps, "account"> & { readonly record: EmergencyRecord }) {
  const t = useTexts(clinicianTexts);
  const { mutate, isPending, error } = useOpening();
  return (
    <div className={styles.older}>
      <Note tone="warn">{t("older", { count: record.emergency.older })}</Note>
      {error && !(error instanceof NotSignedError) && <Note tone="bad">{describeFailure(error).text}</Note>}
      <Actions data-screen-only>
        <Button variant="default" loading={isPending} onClick={() => mutate({ owner: account, kind: "older", after: record })}>
          {t("openOlder")}
        </Button>
      </Actions>
    </div>
  );
}

function RecordActions({ account }: { readonly account: string }) {
  const t = useTexts(clinicianTexts);
  const prescription = useTexts(prescriptionTexts);
  const close = useRecordClosing(account);
  return (
    <Actions data-screen-only>
      <Button component={Link} to={`/clinician/patients/${account}/note`} leftSection={<IconPencil size={20} />}>
        {t("writeNote")}
      </Button>
      <Button component={Link} to={`/clinician/patients/${account}/prescription`} leftSection={<IconPill size={20} />}>
        {prescription("prescribe")}
      </Button>
      <Button variant="default" leftSection={<IconPrinter size={20} />} onClick={() => print()}>
        {t("print")}
      </Button>
      <Button variant="default" leftSection={<IconX size={20} />} onClick={close}>
        {t("close")}
      </Button>
    </Actions>
  );
}
