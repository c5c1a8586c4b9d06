import { Button } from "@mantine/core";
import { IconLock } from "@tabler/icons-react";
import { Link, useParams } from "@tanstack/react-router";
import { DocumentContent } from "../../chart/document-content.tsx";
import { DocumentFacts } from "../../chart/document-facts.tsx";
import { useTexts } from "../../frame/texts.ts";
import { useOpenedRecord } from "../../records/use-record.ts";
import { BackLink } from "../../ui/back-link.tsx";
import { Empty } from "../../ui/state.tsx";
import { PageHeader } from "../../ui/surface.tsx";
import { EmergencyBanner } from "./emergency-banner.tsx";
import { usePatientName } from "./patients-page.tsx";
import { clinicianTexts } from "./texts.ts";

/** One document of a record that is open in this tab. */
export function Page() {
  const t = useTexts(clinicianTexts);
  const { account, objectId } = useParams({ strict: false }) as { readonly account: string; readonly objectId: string };
  const name = usePatientName()(account);
  const record = useOpenedRecord(account);
  const document = record?.documents.find((one) => one.objectId === objectId);
  if (!record || !document) return <NotOpen account={account} />;
  return (
    <>
      <BackLink to={`/clinician/patients/${account}`}>{t("back")}</BackLink>
      {record.reason && <EmergencyBanner name={name} openedAt={record.openedAt} />}
      <PageHeader title={document.title} lead={name} />
      <DocumentFacts document={document} />
      <DocumentContent content={document.content} />
    </>
  );
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
