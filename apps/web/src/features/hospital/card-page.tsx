import { cardContents } from "@galen/gateway/health-card/card-contents";
import { Button } from "@mantine/core";
import { IconVaccine } from "@tabler/icons-react";
import { useParams } from "@tanstack/react-router";
import { useState } from "react";
import { describeFailure } from "../../frame/failure.ts";
import { useTexts } from "../../frame/texts.ts";
import { usePerson } from "../../keys/person.ts";
import { NoAccessError, NothingToOpenError, type OpenedRecord, type Purpose } from "../../records/opened-record.ts";
import { patientsOf, useReceivedGrants } from "../../records/received-grants.ts";
import { useOpenedRecord, useOpening } from "../../records/use-record.ts";
import { NotSignedError } from "../../signing/signing.tsx";
import { BackLink } from "../../ui/back-link.tsx";
import { Empty, Failure, Loading } from "../../ui/state.tsx";
import { Card, Note, PageHeader } from "../../ui/surface.tsx";
import { CardForm } from "./card-form.tsx";
import styles from "./cards.module.css";
import { usePatientName } from "./cards-page.tsx";
import { cardsTexts } from "./cards-texts.ts";

/** A card for one patient: first the record is opened, which is logged; then somebody looks at what goes on it. */
export function Page() {
  const t = useTexts(cardsTexts);
  const { account } = useParams({ strict: false }) as { readonly account: string };
  const name = usePatientName()(account);
  const record = useOpenedRecord(account);
  return (
    <>
      <BackLink to="/hospital/cards">{t("all")}</BackLink>
      <PageHeader title={t("cardFor", { name })} lead={t("cardLead")} />
      {record ? <Contents account={account} name={name} record={record} /> : <Open account={account} name={name} />}
    </>
  );
}

interface PatientProps {
  readonly account: string;
  readonly name: string;
}

/** Treatment comes first: a card is part of it. */
const usual: readonly Purpose[] = ["TREAT", "COC"];

function Open({ account, name }: PatientProps) {
  const t = useTexts(cardsTexts);
  const { data: grants, error: unlisted, refetch } = useReceivedGrants();
  const { mutate, error, isPending } = useOpening();
  if (unlisted) return <Failure error={unlisted} onRetry={() => void refetch()} />;
  if (!grants) return <Loading>{t("loading")}</Loading>;
  const purposes = patientsOf(grants, Date.now())
    .filter((patient) => patient.account === account)
    .flatMap(({ open }) => open.flatMap((grant) => grant.purposes));
  const purpose = usual.find((one) => purposes.includes(one)) ?? purposes[0];
  if (purpose === undefined) return <Note tone="warn">{t("noAccess", { name })}</Note>;
  return (
    <Card className={styles.sheet}>
      <p className={styles.text}>{t("openText")}</p>
      {error && !(error instanceof NotSignedError) && (
        <Note tone="bad">
          <OpeningFault error={error} name={name} />
        </Note>
      )}
      <Button size="lg" loading={isPending} onClick={() => mutate({ owner: account, kind: "granted", purpose })}>
        {t("open")}
      </Button>
      {isPending && (
        <p className={styles.quiet} role="status">
          {t("opening")}
        </p>
      )}
    </Card>
  );
}

function OpeningFault({ error, name }: { readonly error: unknown; readonly name: string }) {
  const t = useTexts(cardsTexts);
  if (error instanceof NoAccessError) return t("noAccess", { name });
  return error instanceof NothingToOpenError ? t("nothing") : describeFailure(error).text;
}

function Contents({ account, name, record }: PatientProps & { readonly record: OpenedRecord }) {
  const t = useTexts(cardsTexts);
  const { own } = usePerson();
  // A card once issued lies in the record too, and is no second source.
  const [{ patients, immunizations }] = useState(() => cardContents(record.documents, { house: own.account, patient: account }));
  const [issuedTimes, setIssuedTimes] = useState(0);
  if (immunizations.length === 0) {
    return (
      <Empty icon={<IconVaccine size={30} />} title={t("noVaccinations")}>
        {t("noVaccinationsText")}
      </Empty>
    );
  }
  if (patients.length === 0) return <Note tone="warn">{t("noPatient")}</Note>;
  return (
    <CardForm
      // Each card is a document of its own.
      key={issuedTimes}
      {...{ account, name, record, patients, immunizations }}
      onAgain={() => setIssuedTimes((before) => before + 1)}
    />
  );
}
