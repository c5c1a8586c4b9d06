import { Button, Checkbox, Textarea } from "@mantine/core";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { type GrantTerms, leastTerms, opensSomething } from "../../access/grant-terms.ts";
import { MAX_REASON_LENGTH } from "../../access/request-link.ts";
import { TermsFields } from "../../access/terms-fields.tsx";
import { describeFailure } from "../../frame/failure.ts";
import { useHash } from "../../frame/hash.ts";
import { useTexts } from "../../frame/texts.ts";
import { type CodeContent, parseCode } from "../../keys/code-link.ts";
import { callOf, useNames } from "../../keys/names.ts";
import { isPatient, PersonField } from "../../people/person-field.tsx";
import { NotSignedError } from "../../signing/signing.tsx";
import { BackLink } from "../../ui/back-link.tsx";
import { notify } from "../../ui/notify.ts";
import { Card, Note, PageHeader } from "../../ui/surface.tsx";
import styles from "./clinician.module.css";
import { askTexts } from "./request-texts.ts";
import { clinicianTexts } from "./texts.ts";
import { NoPowerError, useAsking } from "./use-asking.ts";

/** Asks a patient for access: whom, for what, how long, and why. Another link is about another patient. */
export function Page() {
  const t = useTexts(askTexts);
  const common = useTexts(clinicianTexts);
  const hash = useHash();
  return (
    <>
      <BackLink to="/clinician">{common("allPatients")}</BackLink>
      <PageHeader title={t("title")} lead={t("lead")} />
      <Card className={styles.sheet}>
        <AskForm key={hash} linked={hash} />
      </Card>
    </>
  );
}

function AskForm({ linked }: { readonly linked: string }) {
  const t = useTexts(askTexts);
  const navigate = useNavigate();
  const names = useNames();
  const [named, setNamed] = useState(() => parseCode(linked));
  // The link names the account only; the name is what this browser knows, and it may come when the form is half filled.
  const patient = named && { ...named, name: names.get(named.account)?.name ?? named.name };
  const [represented, setRepresented] = useState<Represented>({ isSo: false, delegate: undefined });
  const [terms, setTerms] = useState<GrantTerms>(leastTerms);
  const [reason, setReason] = useState("");
  const { mutateAsync, error, isPending } = useAsking();
  const isReady = patient && (represented.isSo ? represented.delegate : opensSomething(terms));
  async function ask(): Promise<void> {
    if (!patient) return;
    await mutateAsync({ terms, patient, delegate: represented.isSo ? represented.delegate : undefined, reason: reason.trim() });
    void notify({ title: t("sent"), message: t("sentText", { name: callOf(patient) }) });
    await navigate({ to: "/clinician/requests" });
  }
  return (
    <form
      className={styles.form}
      onSubmit={(event) => {
        event.preventDefault();
        // What went wrong is shown from the mutation.
        void ask().catch(() => undefined);
      }}
    >
      <PersonField label={t("patient")} isSought={isPatient} value={patient} onChange={setNamed} />
      <RepresentedField value={represented} onChange={setRepresented} />
      <TermsFields terms={terms} isEverythingOnly={represented.isSo} onChange={(part) => setTerms((before) => ({ ...before, ...part }))} />
      <Textarea
        label={t("reason")}
        description={t("reasonHint")}
        size="md"
        rows={3}
        maxLength={MAX_REASON_LENGTH}
        value={reason}
        onChange={(event) => setReason(event.currentTarget.value)}
      />
      <Note tone="brand">{t("days")}</Note>
      <Failed error={error} name={represented.delegate ? callOf(represented.delegate) : ""} />
      <Button type="submit" size="lg" disabled={!isReady} loading={isPending}>
        {t("sign")}
      </Button>
    </form>
  );
}

/** Whether somebody acts for the patient, and who. */
interface Represented {
  readonly isSo: boolean;
  readonly delegate: CodeContent | undefined;
}

interface RepresentedProps {
  readonly value: Represented;
  readonly onChange: (value: Represented) => void;
}

function RepresentedField({ value, onChange }: RepresentedProps) {
  const t = useTexts(askTexts);
  return (
    <div>
      <Checkbox
        size="md"
        label={t("somebodyActs")}
        checked={value.isSo}
        onChange={(event) => onChange({ ...value, isSo: event.currentTarget.checked })}
      />
      {value.isSo && (
        <div className={styles.inset}>
          <PersonField
            label={t("delegate")}
            isSought={isPatient}
            value={value.delegate}
            onChange={(delegate) => onChange({ ...value, delegate })}
          />
          <p className={styles.quiet}>{t("delegateHint")}</p>
        </div>
      )}
    </div>
  );
}

function Failed({ error, name }: { readonly error: unknown; readonly name: string }) {
  const t = useTexts(askTexts);
  if (!error || error instanceof NotSignedError) return null;
  return <Note tone="bad">{error instanceof NoPowerError ? t("noDelegate", { name }) : describeFailure(error).text}</Note>;
}
