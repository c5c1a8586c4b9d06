import type { KnownGrant } from "@galen/sdk/records/known-grants";
import { Button, TextInput } from "@mantine/core";
import { IconChevronRight, IconQrcode, IconSearch, IconStethoscope, IconUserQuestion } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { usePurposeWords } from "../../chart/purpose-words.ts";
import { useFormats } from "../../frame/formats.ts";
import { useTexts } from "../../frame/texts.ts";
import { shortId, useNames } from "../../keys/names.ts";
import { type Patient, patientsOf, useReceivedGrants } from "../../records/received-grants.ts";
import { useOpenedRecord } from "../../records/use-record.ts";
import { Row } from "../../ui/row.tsx";
import { Empty, Failure, Loading } from "../../ui/state.tsx";
import { Actions, Avatar, PageHeader, Section, Tag } from "../../ui/surface.tsx";
import styles from "./clinician.module.css";
import { askTexts } from "./request-texts.ts";
import { clinicianTexts } from "./texts.ts";

/** From so many on, a name is found faster by typing than by looking. */
const MANY_PATIENTS = 8;

/** Who has opened records to this reader. */
export function Page() {
  const t = useTexts(clinicianTexts);
  const ask = useTexts(askTexts);
  const { data: grants, error, isPending, refetch } = useReceivedGrants();
  return (
    <>
      <PageHeader title={t("title")} lead={t("lead")}>
        <Actions>
          <Button component={Link} to="/clinician/ask" leftSection={<IconUserQuestion size={22} />}>
            {ask("ask")}
          </Button>
          <Button component={Link} to="/wallet/code" variant="default" leftSection={<IconQrcode size={22} />}>
            {t("myCode")}
          </Button>
        </Actions>
      </PageHeader>
      {isPending && <Loading>{t("loading")}</Loading>}
      {error && <Failure error={error} onRetry={() => void refetch()} />}
      {grants?.length === 0 && <NoPatients />}
      {grants && grants.length > 0 && <Patients patients={patientsOf(grants, Date.now())} />}
    </>
  );
}

function NoPatients() {
  const t = useTexts(clinicianTexts);
  return (
    <Empty icon={<IconStethoscope size={30} />} title={t("none")}>
      {t("noneText")}
    </Empty>
  );
}

function Patients({ patients }: { readonly patients: readonly Patient[] }) {
  const t = useTexts(clinicianTexts);
  const nameOf = usePatientName();
  const [sought, setSought] = useState("");
  const shown = patients.filter(({ account }) => nameOf(account).toLowerCase().includes(sought.trim().toLowerCase()));
  const [open, past] = [shown.filter((patient) => patient.open.length > 0), shown.filter((patient) => patient.open.length === 0)];
  return (
    <>
      {patients.length >= MANY_PATIENTS && (
        <TextInput
          className={styles.search}
          type="search"
          size="md"
          label={t("search")}
          leftSection={<IconSearch size={20} aria-hidden="true" />}
          value={sought}
          onChange={(event) => setSought(event.currentTarget.value)}
        />
      )}
      {shown.length === 0 && <p role="status">{t("noMatch")}</p>}
      {open.length > 0 && <PatientList title={t("openTitle")} patients={open} />}
      {past.length > 0 && <PatientList title={t("pastTitle")} patients={past} />}
    </>
  );
}

function PatientList({ title, patients }: { readonly title: string; readonly patients: readonly Patient[] }) {
  return (
    <Section title={title}>
      <ul className={styles.patients}>
        {patients.map((patient) => (
          <li key={patient.account}>
            <PatientRow patient={patient} />
          </li>
        ))}
      </ul>
    </Section>
  );
}

function PatientRow({ patient: { account, grants, open } }: { readonly patient: Patient }) {
  const t = useTexts(clinicianTexts);
  const termsOf = useTerms();
  const name = usePatientName()(account);
  const isHere = useOpenedRecord(account) !== undefined;
  return (
    <Link className={styles.patient} to={`/clinician/patients/${account}`}>
      <Row
        lead={<Avatar name={name} />}
        terms={(open.length > 0 ? open : grants.slice(0, 1)).map((grant) => <div key={grant.grantId}>{termsOf(grant)}</div>)}
        aside={
          <>
            {isHere && <Tag tone="good">{t("continueRecord")}</Tag>}
            {open.length === 0 && <Tag>{t("ended")}</Tag>}
            <IconChevronRight className={styles.arrow} size={22} aria-hidden="true" />
          </>
        }
      >
        <strong>{name}</strong>
      </Row>
    </Link>
  );
}

/** By the name that this browser knows, else by the ends of the account. */
export function usePatientName(): (account: string) => string {
  const t = useTexts(clinicianTexts);
  const names = useNames();
  return (account) => names.get(account)?.name ?? t("unknownPatient", { id: shortId(account) });
}

/** To whom a grant was given, what for, and how long. */
function useTerms(): (grant: KnownGrant) => string {
  const t = useTexts(clinicianTexts);
  const formats = useFormats();
  const names = useNames();
  const purposeWords = usePurposeWords();
  const houseName = (account: string) => names.get(account)?.name ?? shortId(account);
  return ({ grantee, purposes, until, readsLeft, credentialType }) => {
    const to = {
      person: () => t("toYou"),
      organisation: () => t("toHouse", { name: houseName(grantee.kind === "organisation" ? grantee.account : "") }),
      role: () => t("toRole", { name: houseName(grantee.kind === "role" ? grantee.organisation : "") }),
    }[grantee.kind]();
    const parts = [formats.list(purposes.map(purposeWords)), to, t("until", { day: formats.date(until) })];
    if (readsLeft !== undefined) parts.push(t("readsLeft", { count: readsLeft }));
    if (credentialType !== undefined) parts.push(t("withLicence"));
    return parts.join(" · ");
  };
}
