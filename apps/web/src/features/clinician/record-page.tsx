import { Button } from "@mantine/core";
import { IconPencil, IconPill, IconPrinter, IconX } from "@tabler/icons-react";
import { Link, useParams } from "@tanstack/react-router";
import { readChart } from "../../chart/chart.ts";
import { ChartPlaceContext } from "../../chart/chart-place.ts";
import { ChartViews } from "../../chart/chart-views.tsx";
import { usePurposeWords } from "../../chart/purpose-words.ts";
import { useFormats } from "../../frame/formats.ts";
import { useTexts } from "../../frame/texts.ts";
import type { OpenedRecord } from "../../records/opened-record.ts";
import { useOpenedRecord, useRecordChange } from "../../records/use-record.ts";
import { BackLink } from "../../ui/back-link.tsx";
import { Actions, Note, PageHeader } from "../../ui/surface.tsx";
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

function Record({ account, record }: { readonly account: string; readonly record: OpenedRecord }) {
  const t = useTexts(clinicianTexts);
  const formats = useFormats();
  const purposeWords = usePurposeWords();
  const name = usePatientName()(account);
  const { documents, purpose, openedAt, unreadable, reason, older = 0, releaseIds } = record;
  const lead = t("openedLead", { purpose: purposeWords(purpose), time: formats.dateTime(openedAt), count: documents.length });
  return (
    <>
      {reason && (
        <EmergencyBanner name={name} openedAt={openedAt}>
          <KeepReason releaseIds={releaseIds} reason={reason} />
        </EmergencyBanner>
      )}
      <PageHeader title={name} lead={lead}>
        <RecordActions account={account} />
      </PageHeader>
      {older > 0 && <Note tone="warn">{t("older", { count: older })}</Note>}
      <ChartPlaceContext value={chartPlaceOf(account)}>
        <ChartViews chart={{ ...readChart(documents), unreadable }} />
      </ChartPlaceContext>
    </>
  );
}

function RecordActions({ account }: { readonly account: string }) {
  const t = useTexts(clinicianTexts);
  const prescription = useTexts(prescriptionTexts);
  const change = useRecordChange(account);
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
      <Button variant="default" leftSection={<IconX size={20} />} onClick={() => change(undefined)}>
        {t("close")}
      </Button>
    </Actions>
  );
}
