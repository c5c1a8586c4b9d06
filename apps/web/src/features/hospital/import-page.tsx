import { Button } from "@mantine/core";
import { IconCircleCheck } from "@tabler/icons-react";
import { useState } from "react";
import { useTexts } from "../../frame/texts.ts";
import type { CodeContent } from "../../keys/code-link.ts";
import { Failure, Loading } from "../../ui/state.tsx";
import { Note, PageHeader, Section } from "../../ui/surface.tsx";
import { MAX_FILES } from "./dropped-files.ts";
import { FileDrop } from "./file-drop.tsx";
import styles from "./hospital.module.css";
import { PatientCard } from "./patient-card.tsx";
import { filesByPatient, type PatientFiles } from "./read-files.ts";
import { RefusedFiles } from "./refused-files.tsx";
import { SealBar } from "./seal-bar.tsx";
import { hospitalTexts } from "./texts.ts";
import { type Labels, type Owners, useFiling } from "./use-filing.ts";
import { useReading } from "./use-reading.ts";

/** Files become documents: read here, shown, sealed for the patient whom somebody named, and only then sent. */
export function Page() {
  const t = useTexts(hospitalTexts);
  const { reading, take, leaveOut, clear } = useReading();
  const [owners, setOwners] = useState<Owners>(new Map());
  const [opened, setOpened] = useState<ReadonlyMap<string, Labels>>(new Map());
  const filing = useFiling();
  const patients = filesByPatient(reading.ready);
  const outcomes = patients.map(({ identity }) => filing.progress.get(identity));
  const isDone = patients.length > 0 && outcomes.every((outcome) => outcome?.state === "filed");
  const isWhole = outcomes.every((outcome) => outcome?.state === "filed" && outcome.erased === 0);
  function again(): void {
    clear();
    setOwners(new Map());
    setOpened(new Map());
    filing.reset();
  }
  return (
    <>
      <PageHeader title={t("title")} lead={t("lead")} />
      {isDone ? (
        <Done isWhole={isWhole} onAgain={again} />
      ) : (
        <FileDrop isDisabled={filing.isBusy || reading.waiting > 0} onFiles={(files) => void take(files)} />
      )}
      {reading.waiting > 0 && <Loading>{t("reading", { count: reading.waiting })}</Loading>}
      {reading.isEmpty && <Note tone="warn">{t("empty")}</Note>}
      {reading.leftOut > 0 && <Note tone="warn">{t("leftOut", { count: reading.leftOut, most: MAX_FILES })}</Note>}
      {reading.error !== undefined && <Failure error={reading.error} />}
      <RefusedFiles files={reading.refused} />
      {patients.length > 0 && (
        <Section title={t("patientsTitle", { count: patients.length })}>
          <ul className={styles.patients}>
            {patients.map((patient) => (
              <li key={patient.identity}>
                <PatientCard
                  patient={patient}
                  owner={owners.get(patient.identity)}
                  isTaken={isTaken(owners, patient)}
                  progress={filing.progress.get(patient.identity)}
                  isBusy={filing.isBusy}
                  onOwner={(owner) => setOwners((before) => withOwner(before, patient, owner))}
                  onOpened={(account, labels) => {
                    setOpened((before) => new Map(before).set(account, labels));
                    setOwners((before) => withOwner(before, patient, { account, name: "" }));
                  }}
                  onRemove={() => {
                    setOwners((before) => withOwner(before, patient, undefined));
                    filing.leaveOut(patient);
                    leaveOut(patient.identity);
                  }}
                />
              </li>
            ))}
          </ul>
          {!isDone && (
            <SealBar patients={patients} owners={owners} opened={opened} isBusy={filing.isBusy} onSeal={(all) => void filing.file(all)} />
          )}
        </Section>
      )}
    </>
  );
}

function Done({ isWhole, onAgain }: { readonly isWhole: boolean; readonly onAgain: () => void }) {
  const t = useTexts(hospitalTexts);
  return (
    <Note tone="good" icon={<IconCircleCheck size={24} aria-hidden="true" />}>
      <div className={styles.done} role="status">
        <strong>{t(isWhole ? "allFiled" : "allButErased")}</strong>
        <Button variant="default" onClick={onAgain}>
          {t("again")}
        </Button>
      </div>
    </Note>
  );
}

function withOwner(before: Owners, { identity }: PatientFiles, owner: CodeContent | undefined): Owners {
  const after = new Map(before);
  if (owner === undefined) after.delete(identity);
  else after.set(identity, owner);
  return after;
}

/** Whether another patient of the files has the same account. */
function isTaken(owners: Owners, { identity }: PatientFiles): boolean {
  return [...owners].some(([other, { account }]) => other !== identity && account === owners.get(identity)?.account);
}
