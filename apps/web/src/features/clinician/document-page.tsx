import { Button } from "@mantine/core";
import { IconLock } from "@tabler/icons-react";
import { Link, useParams } from "@tanstack/react-router";
import { compartmentTexts } from "../../chart/compartment-texts.ts";
import { DocumentContent } from "../../chart/document-content.tsx";
import { useFormats } from "../../frame/formats.ts";
import { useTexts } from "../../frame/texts.ts";
import { useNames } from "../../keys/names.ts";
import { BackLink } from "../../ui/back-link.tsx";
import { Empty } from "../../ui/state.tsx";
import { PageHeader, Tag } from "../../ui/surface.tsx";
import styles from "./clinician.module.css";
import { EmergencyBanner } from "./emergency-banner.tsx";
import { usePatientName } from "./patients-page.tsx";
import { clinicianTexts } from "./texts.ts";
import { useOpenedRecord } from "./use-record.ts";

/** One document of a record that is open in this tab. */
export function Page() {
  const t = useTexts(clinicianTexts);
  const { account, objectId } = useParams({ strict: false }) as { readonly account: string; readonly objectId: string };
  const area = useTexts(compartmentTexts);
  const formats = useFormats();
  const names = useNames();
  const name = usePatientName()(account);
  const record = useOpenedRecord(account);
  const document = record?.documents.find((one) => one.objectId === objectId);
  if (!record || !document) return <NotOpen account={account} />;
  return (
    <>
      <BackLink to={`/clinician/patients/${account}`}>{t("back")}</BackLink>
      {record.reason && <EmergencyBanner name={name} openedAt={record.openedAt} />}
      <PageHeader title={document.title} lead={name} />
      <p className={styles.facts}>
        {document.day !== undefined && <span>{formats.date(Date.parse(document.day))}</span>}
        <span>{t("by", { author: names.get(document.author)?.name ?? t("unknownAuthor") })}</span>
        <Tag tone="brand">{area(document.compartment)}</Tag>
      </p>
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
