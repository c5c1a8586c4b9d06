import { Button, Radio } from "@mantine/core";
import { IconFileOff, IconLock } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { usePurposeWords } from "../../chart/purpose-words.ts";
import { describeFailure } from "../../frame/failure.ts";
import { useTexts } from "../../frame/texts.ts";
import { NothingToOpenError, type Purpose } from "../../records/opened-record.ts";
import { type Patient, patientsOf, useReceivedGrants } from "../../records/received-grants.ts";
import { useOpening } from "../../records/use-record.ts";
import { NotSignedError } from "../../signing/signing.tsx";
import { Empty, Failure, Loading } from "../../ui/state.tsx";
import { Actions, Card, Note, PageHeader, Tag } from "../../ui/surface.tsx";
import styles from "./clinician.module.css";
import { usePatientName } from "./patients-page.tsx";
import { askTexts } from "./request-texts.ts";
import { clinicianTexts } from "./texts.ts";

/** What clinicians open records for; other purposes are offered where a patient has named them. */
const usual: readonly Purpose[] = ["TREAT", "COC"];

interface OpenFormProps {
  readonly account: string;
  /** What follows from opening it. */
  readonly lead?: string;
}

/** Asks what the record is opened for, and opens it. */
export function OpenForm({ account, lead }: OpenFormProps) {
  const t = useTexts(clinicianTexts);
  const name = usePatientName()(account);
  const { data: grants, error, isPending, refetch } = useReceivedGrants();
  const patient = grants && patientsOf(grants, Date.now()).find((one) => one.account === account);
  return (
    <>
      <PageHeader title={name} lead={lead} />
      {isPending && <Loading>{t("loading")}</Loading>}
      {error && <Failure error={error} onRetry={() => void refetch()} />}
      {patient && <PurposeForm patient={patient} name={name} />}
      {grants && !patient && (
        <Empty
          icon={<IconLock size={30} />}
          title={t("noAccess", { name })}
          action={
            <Actions>
              <AskLink account={account} name={name} />
              <EmergencyLink account={account} />
            </Actions>
          }
        >
          {t("noAccessText")}
        </Empty>
      )}
    </>
  );
}

function PurposeForm({ patient, name }: { readonly patient: Patient; readonly name: string }) {
  const t = useTexts(clinicianTexts);
  const { account, open } = patient;
  const covered = new Set(open.flatMap(({ purposes }) => purposes));
  const offered = [...new Set([...covered, ...usual])];
  const [purpose, setPurpose] = useState<Purpose>(offered[0]!);
  const { mutate, isPending, error } = useOpening();
  if (error instanceof NothingToOpenError) {
    return (
      <Empty icon={<IconFileOff size={30} />} title={t("nothing")}>
        {t("nothingText")}
      </Empty>
    );
  }
  return (
    <Card className={styles.sheet}>
      <form
        className={styles.form}
        onSubmit={(event) => {
          event.preventDefault();
          mutate({ owner: account, kind: "granted", purpose });
        }}
      >
        <PurposeChoice offered={offered} covered={covered} value={purpose} onChange={setPurpose} />
        {!error && !covered.has(purpose) && <Note tone="warn">{t(open.length === 0 ? "accessEnded" : "purposeUncovered", { name })}</Note>}
        {error && !(error instanceof NotSignedError) && <Refusal error={error} account={account} name={name} />}
        <Button type="submit" size="lg" loading={isPending}>
          {t("open")}
        </Button>
        {isPending && (
          <p className={styles.quiet} role="status">
            {t("opening")}
          </p>
        )}
      </form>
    </Card>
  );
}

interface PurposeChoiceProps {
  readonly offered: readonly Purpose[];
  readonly covered: ReadonlySet<Purpose>;
  readonly value: Purpose;
  readonly onChange: (purpose: Purpose) => void;
}

function PurposeChoice({ offered, covered, value, onChange }: PurposeChoiceProps) {
  const t = useTexts(clinicianTexts);
  const purposeWords = usePurposeWords();
  return (
    <Radio.Group
      size="md"
      label={t("purposeTitle")}
      description={t("purposeText")}
      value={value}
      onChange={(chosen) => onChange(offered.find((purpose) => purpose === chosen) ?? value)}
    >
      <div className={styles.purposes}>
        {offered.map((purpose) => (
          <span key={purpose} className={styles.purpose}>
            <Radio size="md" value={purpose} label={purposeWords(purpose)} />
            {covered.has(purpose) && <Tag tone="good">{t("purposeCovered")}</Tag>}
          </span>
        ))}
      </div>
    </Radio.Group>
  );
}

/** Why not, in words, with the way that is left when it cannot wait. */
function Refusal({ error, account, name }: { readonly error: unknown; readonly account: string; readonly name: string }) {
  const { title, text, id } = describeFailure(error);
  return (
    <div className={styles.refusal}>
      <Note tone="bad" icon={<IconLock size={24} aria-hidden="true" />}>
        <strong>{title}</strong>
        <br />
        {text}
      </Note>
      {id?.startsWith("release/") && (
        <Actions>
          <AskLink account={account} name={name} />
          <EmergencyLink account={account} />
        </Actions>
      )}
    </div>
  );
}

function AskLink({ account, name }: { readonly account: string; readonly name: string }) {
  const t = useTexts(askTexts);
  return (
    <Button component={Link} to="/clinician/ask" hash={`to=${account}`}>
      {t("askName", { name })}
    </Button>
  );
}

function EmergencyLink({ account }: { readonly account: string }) {
  const t = useTexts(clinicianTexts);
  return (
    <Button component={Link} to="/clinician/emergency" hash={`to=${account}`} variant="outline" color="rust">
      {t("emergencyInstead")}
    </Button>
  );
}
