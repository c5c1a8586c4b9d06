import { Button } from "@mantine/core";
import { IconChevronRight, IconVaccine } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import { describeFailure } from "../../frame/failure.ts";
import { useFormats } from "../../frame/formats.ts";
import { useTexts } from "../../frame/texts.ts";
import { shortId, useNames } from "../../keys/names.ts";
import { usePerson } from "../../keys/person.ts";
import { type Patient, patientsOf, useReceivedGrants } from "../../records/received-grants.ts";
import { NotSignedError } from "../../signing/signing.tsx";
import { ListCard } from "../../ui/list.tsx";
import { Row } from "../../ui/row.tsx";
import { Empty, Failure, Loading } from "../../ui/state.tsx";
import { Avatar, Card, Note, PageHeader, Section } from "../../ui/surface.tsx";
import styles from "./cards.module.css";
import { cardsTexts } from "./cards-texts.ts";
import { useAppointing, useCardSigner } from "./use-card-signer.ts";

/** Health cards of the house: the key that signs them, and for whom one can be issued. */
export function Page() {
  const t = useTexts(cardsTexts);
  const { saved } = usePerson();
  return (
    <>
      <PageHeader title={t("title")} lead={t("lead")} />
      {saved.kind === "organisation" ? <Signer /> : <Note tone="warn">{t("notHouse")}</Note>}
    </>
  );
}

function Signer() {
  const t = useTexts(cardsTexts);
  const { known } = useCardSigner();
  if (known.error) return <Failure error={known.error} onRetry={() => void known.refetch()} />;
  if (!known.data) return <Loading>{t("lookingUp")}</Loading>;
  return known.data.publicKey && known.data.isAppointed ? <Patients /> : <Appoint />;
}

function Appoint() {
  const t = useTexts(cardsTexts);
  const { mutate, error, isPending } = useAppointing();
  return (
    <Card className={styles.sheet}>
      <h2 className={styles.heading}>{t("appointTitle")}</h2>
      <p className={styles.text}>{t("appointText")}</p>
      {error && !(error instanceof NotSignedError) && <Note tone="bad">{describeFailure(error).text}</Note>}
      <Button size="lg" loading={isPending} onClick={() => mutate()}>
        {t("appoint")}
      </Button>
    </Card>
  );
}

function Patients() {
  const t = useTexts(cardsTexts);
  const { data: grants, error, refetch } = useReceivedGrants();
  const patients = grants && patientsOf(grants, Date.now()).filter(({ open }) => open.length > 0);
  if (error) return <Failure error={error} onRetry={() => void refetch()} />;
  if (!patients) return <Loading>{t("loading")}</Loading>;
  if (patients.length === 0) {
    return (
      <Empty icon={<IconVaccine size={30} />} title={t("none")}>
        {t("noneText")}
      </Empty>
    );
  }
  return (
    <Section title={t("patients")}>
      <ListCard>
        {patients.map((patient) => (
          <li key={patient.account}>
            <PatientRow patient={patient} />
          </li>
        ))}
      </ListCard>
    </Section>
  );
}

function PatientRow({ patient: { account, open } }: { readonly patient: Patient }) {
  const t = useTexts(cardsTexts);
  const formats = useFormats();
  const name = usePatientName()(account);
  return (
    <Link className={styles.patient} to={`/hospital/cards/${account}`}>
      <Row
        lead={<Avatar name={name} />}
        terms={t("until", { day: formats.date(Math.max(...open.map(({ until }) => until))) })}
        aside={<IconChevronRight size={22} aria-hidden="true" />}
      >
        <strong>{name}</strong>
      </Row>
    </Link>
  );
}

/** By the name that this browser knows, else by the ends of the account. */
export function usePatientName(): (account: string) => string {
  const t = useTexts(cardsTexts);
  const names = useNames();
  return (account) => names.get(account)?.name ?? t("unknownPatient", { id: shortId(account) });
}
