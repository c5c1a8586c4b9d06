import { Button, Textarea } from "@mantine/core";
import { IconBell, IconGavel, IconShieldCheck } from "@tabler/icons-react";
import { useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { type ReactNode, useState } from "react";
import { describeFailure } from "../../frame/failure.ts";
import { useHash } from "../../frame/hash.ts";
import { useTexts } from "../../frame/texts.ts";
import { type CodeContent, parseCode } from "../../keys/code-link.ts";
import { useNames } from "../../keys/names.ts";
import { rememberSigned } from "../../keys/remember.ts";
import { isPatient, PersonField } from "../../people/person-field.tsx";
import { NothingToOpenError } from "../../records/opened-record.ts";
import { useOpening } from "../../records/use-record.ts";
import { NotSignedError } from "../../signing/signing.tsx";
import { Loading } from "../../ui/state.tsx";
import { Card, Note, PageHeader } from "../../ui/surface.tsx";
import styles from "./clinician.module.css";
import { emergencyTexts } from "./emergency-texts.ts";
import { clinicianTexts } from "./texts.ts";

/** A reason that says nothing helps nobody in the review. */
const MIN_REASON_LENGTH = 10;
const MAX_REASON_LENGTH = 1_000;

/** The way that is left when it cannot wait; it looks like what it is. Another link is about another patient. */
export function Page() {
  const hash = useHash();
  return <Emergency key={hash} linked={hash} />;
}

function Emergency({ linked }: { readonly linked: string }) {
  const t = useTexts(emergencyTexts);
  const names = useNames();
  const [named, setNamed] = useState(() => parseCode(linked));
  // The link names the account only; the name is what this browser knows.
  const known = named && { ...named, name: names.get(named.account)?.name ?? named.name };
  return (
    <div className={styles.emergency}>
      <PageHeader title={t("title")} lead={t("lead")} />
      <Consequences />
      <Card className={styles.sheet}>
        <EmergencyForm patient={known} onPatient={setNamed} />
      </Card>
    </div>
  );
}

function Consequences() {
  const t = useTexts(emergencyTexts);
  return (
    <section className={styles.consequences}>
      <h2>{t("consequencesTitle")}</h2>
      <ul>
        <Consequence icon={<IconBell size={22} aria-hidden="true" />}>{t("told")}</Consequence>
        <Consequence icon={<IconGavel size={22} aria-hidden="true" />}>{t("reviewed")}</Consequence>
        <Consequence icon={<IconShieldCheck size={22} aria-hidden="true" />}>{t("counted")}</Consequence>
      </ul>
    </section>
  );
}

function Consequence({ icon, children }: { readonly icon: ReactNode; readonly children: string }) {
  return (
    <li>
      {icon}
      <span>{children}</span>
    </li>
  );
}

interface EmergencyFormProps {
  readonly patient: CodeContent | undefined;
  readonly onPatient: (patient: CodeContent | undefined) => void;
}

function EmergencyForm({ patient, onPatient }: EmergencyFormProps) {
  const t = useTexts(emergencyTexts);
  const common = useTexts(clinicianTexts);
  const [reason, setReason] = useState("");
  const [isTried, setTried] = useState(false);
  const isShort = reason.trim().length < MIN_REASON_LENGTH;
  const opening = useEmergency(patient);
  const { error, isPending } = opening;
  return (
    <form
      className={styles.form}
      onSubmit={(event) => {
        event.preventDefault();
        setTried(true);
        if (!isShort) opening.open(reason.trim());
      }}
    >
      {/* What is being opened is what stands here. */}
      <fieldset className={styles.fields} disabled={isPending}>
        <PersonField label={t("patient")} isSought={isPatient} value={patient} onChange={onPatient} />
        <ReasonField value={reason} onChange={setReason} isRefused={isTried && isShort} />
      </fieldset>
      {error instanceof NothingToOpenError && <Note tone="warn">{common("nothingText")}</Note>}
      {error && !(error instanceof NothingToOpenError) && !(error instanceof NotSignedError) && (
        <Note tone="bad">{describeFailure(error).text}</Note>
      )}
      {isPending ? (
        <Loading>{t("opening")}</Loading>
      ) : (
        <Button type="submit" size="lg" color="rust.7" disabled={!patient}>
          {t("open")}
        </Button>
      )}
    </form>
  );
}

interface ReasonFieldProps {
  readonly value: string;
  readonly onChange: (reason: string) => void;
  readonly isRefused: boolean;
}

function ReasonField({ value, onChange, isRefused }: ReasonFieldProps) {
  const t = useTexts(emergencyTexts);
  return (
    <Textarea
      label={t("reason")}
      description={t("reasonHint")}
      error={isRefused ? t("reasonShort", { count: MIN_REASON_LENGTH }) : undefined}
      size="md"
      rows={3}
      required
      maxLength={MAX_REASON_LENGTH}
      value={value}
      onChange={(event) => onChange(event.currentTarget.value)}
    />
  );
}

/** Opens, remembers whom, and shows the record. */
function useEmergency(patient: CodeContent | undefined) {
  const names = useNames();
  const queries = useQueryClient();
  const navigate = useNavigate();
  const { mutateAsync, error, isPending } = useOpening();
  async function open(reason: string): Promise<void> {
    if (!patient) return;
    await mutateAsync({ owner: patient.account, kind: "emergency", reason });
    await rememberSigned([patient], names, "patient");
    await queries.invalidateQueries({ queryKey: ["names"] });
    await navigate({ to: `/clinician/patients/${patient.account}` });
  }
  // What went wrong is shown from `error`.
  return { open: (reason: string) => void open(reason).catch(() => undefined), error, isPending };
}
