import { Button } from "@mantine/core";
import { IconFileOff, IconLock } from "@tabler/icons-react";
import { Link, useParams } from "@tanstack/react-router";
import { type ChartPlace, ChartPlaceContext } from "../../chart/chart-place.ts";
import { DocumentContent } from "../../chart/document-content.tsx";
import { DocumentFacts } from "../../chart/document-facts.tsx";
import { useDocumentTitle } from "../../chart/document-title.ts";
import { useTexts } from "../../frame/texts.ts";
import { useOpenedRecord, useRecordClosing } from "../../records/use-record.ts";
import { BackLink } from "../../ui/back-link.tsx";
import { Empty } from "../../ui/state.tsx";
import { PageHeader } from "../../ui/surface.tsx";
import { CoSign } from "./co-sign.tsx";
import { documentAddress } from "./co-sign-link.ts";
import { coSignTexts } from "./co-sign-texts.ts";
import { EmergencyBanner } from "./emergency-banner.tsx";
import { OpenForm } from "./open-form.tsx";
import { usePatientName } from "./patients-page.tsx";
import { StatedSince } from "./stated-since.tsx";
import { clinicianTexts } from "./texts.ts";

/** One document of a record that is open in this tab. */
export function Page() {
  const t = useTexts(clinicianTexts);
  const { account, objectId } = useParams({ strict: false }) as { readonly account: string; readonly objectId: string };
  const name = usePatientName()(account);
  const record = useOpenedRecord(account);
  const titleOf = useDocumentTitle();
  if (!record) return <OpenFirst account={account} />;
  const { documents } = record;
  const document = documents.find((one) => one.objectId === objectId);
  if (!document) return <Missing account={account} />;
  return (
    <>
      <BackLink to={`/clinician/patients/${account}`}>{t("back")}</BackLink>
      {record.emergency && <EmergencyBanner name={name} openedAt={record.openedAt} />}
      <PageHeader title={titleOf(document, documents)} lead={name} />
      <ChartPlaceContext value={chartPlaceOf(account)}>
        <DocumentFacts document={document} among={documents} />
      </ChartPlaceContext>
      <StatedSince account={account} record={record} document={document} />
      <DocumentContent content={document.content} />
      <CoSign key={objectId} account={account} record={record} document={document} />
    </>
  );
}

/** After the tab was loaded anew, and for whoever came by a link: the record is opened here, for a purpose, and the document stands in its place. */
function OpenFirst({ account }: { readonly account: string }) {
  const t = useTexts(clinicianTexts);
  const coSign = useTexts(coSignTexts);
  return (
    <>
      <BackLink to="/clinician">{t("allPatients")}</BackLink>
      <OpenForm key={account} account={account} lead={coSign("openFirst")} />
    </>
  );
}

/** A document that is not in what was opened. */
function Missing({ account }: { readonly account: string }) {
  const t = useTexts(coSignTexts);
  const close = useRecordClosing(account);
  const action = <Button onClick={close}>{t("openAgain")}</Button>;
  return (
    <Empty icon={<IconFileOff size={30} />} title={t("missing")} action={action}>
      {t("missingText")}
    </Empty>
  );
}

/** Where a patient's documents have their pages at this desk. */
export function chartPlaceOf(account: string): ChartPlace {
  return { reader: "clinician", addressOf: (objectId) => documentAddress({ owner: account, objectId }) };
}

/** After the tab was loaded anew: what was opened is gone. */
export function NotOpen({ account }: { readonly account: string }) {
  const t = useTexts(clinicianTexts);
  const action = (
    <Button component={Link} to={`/clinician/patients/${account}`}>
      {t("openRecord")}
    </Button>
  );
  return (
    <Empty icon={<IconLock size={30} />} title={t("notOpen")} action={action}>
      {t("notOpenText")}
    </Empty>
  );
}
