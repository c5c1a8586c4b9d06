import { createPrescription } from "@galen/gateway/fhir/prescription";
import type { Client } from "@galen/sdk/client/client";
import { Button, Checkbox } from "@mantine/core";
import { useNavigate, useParams } from "@tanstack/react-router";
import { useState } from "react";
import { conflictsBetween } from "../../chart/allergy-conflicts.ts";
import { readChart } from "../../chart/chart.ts";
import { ConflictNotes } from "../../chart/conflict-notes.tsx";
import { knownMedicines } from "../../chart/known-medicines.ts";
import { credentialsOf, hasLicence, useHeldCredentials } from "../../credentials/held-credentials.ts";
import { useTexts } from "../../frame/texts.ts";
import { usePerson } from "../../keys/person.ts";
import type { OpenedRecord } from "../../records/opened-record.ts";
import { useOpenedRecord } from "../../records/use-record.ts";
import { labelFor, useWriting } from "../../records/use-writing.ts";
import { BackLink } from "../../ui/back-link.tsx";
import { notify } from "../../ui/notify.ts";
import { Failure, Loading } from "../../ui/state.tsx";
import { Card, Note, PageHeader } from "../../ui/surface.tsx";
import { AskCoSignature } from "./ask-co-signature.tsx";
import styles from "./clinician.module.css";
import { askAddress } from "./co-sign-link.ts";
import { NotOpen } from "./document-page.tsx";
import { usePatientName } from "./patients-page.tsx";
import { emptyForm, instructionsOf, isComplete, type PrescriptionForm, quantityOf, unitWords } from "./prescription-draft.ts";
import { PrescriptionFields } from "./prescription-fields.tsx";
import { prescriptionTexts } from "./prescription-texts.ts";
import { clinicianTexts } from "./texts.ts";
import { WritingFailure } from "./writing-failure.tsx";
import { WritingFor } from "./writing-for.tsx";

/** The licence has ended since the form was opened. */
class NoLicenceError extends Error {
  override readonly name = "NoLicenceError";
}

/** A prescription into a record that is open in this tab, by somebody with a licence. */
export function Page() {
  const t = useTexts(prescriptionTexts);
  const common = useTexts(clinicianTexts);
  const { account } = useParams({ strict: false }) as { readonly account: string };
  const name = usePatientName()(account);
  const record = useOpenedRecord(account);
  const { own } = usePerson();
  const { data: held, error, refetch } = useHeldCredentials(own.account);
  if (!record) return <NotOpen account={account} />;
  return (
    <>
      <BackLink to={`/clinician/patients/${account}`}>{common("back")}</BackLink>
      <PageHeader title={t("title", { name })} lead={t("lead")} />
      {error && <Failure error={error} onRetry={() => void refetch()} />}
      {!held && !error && <Loading>{t("licenceLoading")}</Loading>}
      {held && !hasLicence(held) && <Note tone="bad">{t("noLicence")}</Note>}
      {held && hasLicence(held) && (
        <Card className={styles.sheet}>
          <PrescriptionSheet account={account} name={name} record={record} />
        </Card>
      )}
    </>
  );
}

interface SheetProps {
  readonly account: string;
  readonly name: string;
  readonly record: OpenedRecord;
}

function PrescriptionSheet({ account, name, record }: SheetProps) {
  const t = useTexts(prescriptionTexts);
  const [form, setForm] = useState<PrescriptionForm>(emptyForm);
  const [considered, setConsidered] = useState<string>();
  const [asks, setAsks] = useState(false);
  const known = knownMedicines(record.documents);
  const { conflicts, hasAllergies } = useConflicts(record, form.medicine);
  const { file, error, isPending } = usePrescribing({ account, name, record });
  const medicine = form.medicine.trim();
  const mayFile = isComplete(form) && (conflicts.length === 0 || considered === medicine);
  return (
    <form
      className={styles.form}
      onSubmit={(event) => {
        event.preventDefault();
        file(form, known, asks);
      }}
    >
      <PrescriptionFields form={form} known={known} onChange={(part) => setForm((before) => ({ ...before, ...part }))} />
      <AskCoSignature checked={asks} onChange={setAsks} />
      {!hasAllergies && <Note tone="warn">{t("noAllergies")}</Note>}
      <ConflictNotes conflicts={conflicts} reader="clinician" />
      {conflicts.length > 0 && (
        // For this medicine, not for the next one.
        <Checkbox
          size="md"
          label={t("considered")}
          checked={considered === medicine}
          onChange={(event) => setConsidered(event.currentTarget.checked ? medicine : undefined)}
        />
      )}
      {isComplete(form) && <Instructions form={form} />}
      <WhereItGoes record={record} />
      <WritingFailure account={account} error={error} words={error instanceof NoLicenceError ? t("noLicence") : undefined} />
      <Button type="submit" size="lg" loading={isPending} disabled={!mayFile}>
        {t("sign")}
      </Button>
    </form>
  );
}

function WhereItGoes({ record }: Pick<SheetProps, "record">) {
  const t = useTexts(prescriptionTexts);
  return (
    <Note tone="brand">
      <WritingFor />
      {t(areaTextOf(record))}
    </Note>
  );
}

function Instructions({ form }: { readonly form: PrescriptionForm }) {
  const t = useTexts(prescriptionTexts);
  return (
    <div aria-live="polite">
      <strong>{t("instructionsTitle")}</strong>
      <br />
      {instructionsOf(form, t)} · {t("handOut", { quantity: quantityOf(form), unit: unitWords(form.unit, t) })}
    </div>
  );
}

function areaTextOf(record: OpenedRecord): "area" | "areaGeneral" | "areaUnknown" {
  if (record.labels.has("medication")) return "area";
  return labelFor(record, "medication") === undefined ? "areaUnknown" : "areaGeneral";
}

/** What is on record against a medicine, before it is signed. */
function useConflicts({ documents }: OpenedRecord, medicine: string) {
  const { allergies } = readChart(documents);
  const wanted = { name: medicine, day: undefined, status: "active", isNegated: false, doubt: undefined, detail: undefined, objectId: "" };
  return { conflicts: conflictsBetween(allergies, [wanted]), hasAllergies: allergies.length > 0 };
}

/** Files a prescription, after one more look at the licence. */
function usePrescribing({ account, name, record }: SheetProps) {
  const t = useTexts(prescriptionTexts);
  const { own } = usePerson();
  const navigate = useNavigate();
  const { mutateAsync, error, isPending } = useWriting({ owner: account, record });
  async function check(client: Client): Promise<void> {
    if (!hasLicence(await credentialsOf(client, own.account))) throw new NoLicenceError("no licence in good standing");
  }
  async function prescribe(form: PrescriptionForm, known: ReturnType<typeof knownMedicines>, asks: boolean): Promise<void> {
    const medicine = form.medicine.trim();
    const draft = {
      medicine,
      code: known.get(medicine),
      dose: form.dose,
      doseUnit: form.unit,
      unitName: unitWords(form.unit, t),
      timesPerDay: Number(form.times),
      asNeeded: form.asNeeded,
      durationDays: Number(form.days),
      quantity: quantityOf(form),
      instructions: instructionsOf(form, t),
      note: form.note.trim(),
    };
    const { objectId } = await mutateAsync({
      title: medicine,
      check,
      write: (authorship) => createPrescription({ ...authorship, ...draft }),
    });
    void notify({ title: t("filed"), message: t("filedText", { name }) });
    await navigate({ to: asks ? askAddress({ owner: account, objectId }) : `/clinician/patients/${account}` });
  }
  // What went wrong is shown from `error`.
  const file = (...given: Parameters<typeof prescribe>) => void prescribe(...given).catch(() => undefined);
  return { file, error, isPending };
}
