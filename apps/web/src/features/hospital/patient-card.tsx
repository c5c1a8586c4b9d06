import { Button } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconArrowDown, IconLock, IconUserPlus } from "@tabler/icons-react";
import { lazy, Suspense, useState } from "react";
import { compartmentTexts } from "../../chart/compartment-texts.ts";
import { describeFailure } from "../../frame/failure.ts";
import { useFormats } from "../../frame/formats.ts";
import { useTexts } from "../../frame/texts.ts";
import type { CodeContent } from "../../keys/code-link.ts";
import { shortId, useNames } from "../../keys/names.ts";
import { accountsNamed, isPatient, PersonField } from "../../people/person-field.tsx";
import { NotSignedError } from "../../signing/signing.tsx";
import { List } from "../../ui/list.tsx";
import { Row } from "../../ui/row.tsx";
import { Avatar, Card, Note, Tag } from "../../ui/surface.tsx";
import styles from "./hospital.module.css";
import type { PatientFiles } from "./read-files.ts";
import { hospitalTexts } from "./texts.ts";
import type { Labels, Progress } from "./use-filing.ts";

const OpenAccount = lazy(async () => ({ default: (await import("./open-account.tsx")).OpenAccount }));

interface PatientCardProps {
  readonly patient: PatientFiles;
  /** For whom the documents are sealed, once somebody has said so. */
  readonly owner: CodeContent | undefined;
  readonly isTaken: boolean;
  readonly progress: Progress | undefined;
  readonly isBusy: boolean;
  readonly onOwner: (owner: CodeContent | undefined) => void;
  /** An account was opened for the patient. */
  readonly onOpened: (account: string, labels: Labels) => void;
  readonly onRemove: () => void;
}

/** One patient of the files: who it is, for which account the documents are sealed, and which documents these are. */
export function PatientCard({ patient, owner, isTaken, progress, isBusy, onOwner, onOpened, onRemove }: PatientCardProps) {
  const t = useTexts(hospitalTexts);
  const isOpen = progress === undefined || progress.state === "failed";
  const isFixed = isBusy || (progress?.state === "failed" ? progress.mayBeOnFile : progress !== undefined);
  return (
    <Card className={styles.patient}>
      <PatientHead patient={patient} onRemove={isOpen && !isBusy ? onRemove : undefined} />
      {patient.sharesIdentifier && <Note tone="warn">{t("sameIdentifier")}</Note>}
      <Documents patient={patient} />
      <div className={styles.seal}>
        <span className={styles.arrow} aria-hidden="true">
          <IconArrowDown size={22} />
        </span>
        <div className={styles.owner}>
          <OwnerChoice patient={patient} owner={owner} isFixed={isFixed} onOwner={onOwner} onOpened={onOpened} />
          {isTaken && <Note tone="warn">{t("sameAccount")}</Note>}
          {progress && <ProgressLine progress={progress} />}
        </div>
      </div>
    </Card>
  );
}

function PatientHead({ patient, onRemove }: { readonly patient: PatientFiles; readonly onRemove: (() => void) | undefined }) {
  const t = useTexts(hospitalTexts);
  const formats = useFormats();
  const { name = t("unnamed"), birthDate, files, documents } = patient;
  const resources = files.reduce((sum, file) => sum + file.resources, 0);
  const born = birthDate === undefined ? [] : [t("born", { day: formats.day(birthDate) })];
  const counts = [t("files", { count: files.length }), t("documents", { count: documents.length }), t("resources", { count: resources })];
  return (
    <Row
      lead={<Avatar name={name} />}
      terms={[...born, ...counts].join(" · ")}
      aside={
        onRemove && (
          <Button variant="default" onClick={onRemove} aria-label={`${t("remove")}: ${name}`}>
            {t("remove")}
          </Button>
        )
      }
    >
      <div className={styles.quiet}>{t("inFiles")}</div>
      <strong className={styles.name}>{name}</strong>
    </Row>
  );
}

function Documents({ patient: { files } }: { readonly patient: PatientFiles }) {
  const t = useTexts(hospitalTexts);
  const area = useTexts(compartmentTexts);
  const formats = useFormats();
  return (
    <details className={styles.documents}>
      <summary>{t("showDocuments")}</summary>
      {files.map(({ file, documents }) => (
        <section key={file}>
          <h3>{t("from", { file })}</h3>
          <List>
            {documents.map(({ key, facts: { title, period, counts, compartment } }) => (
              <li key={key}>
                <Row
                  terms={[
                    ...(period ? [formats.day(period.start)] : []),
                    t("resources", { count: Object.values(counts).reduce((sum, count) => sum + count, 0) }),
                  ].join(" · ")}
                  aside={<Tag tone="brand">{area(compartment)}</Tag>}
                >
                  <span className={styles.title}>{title}</span>
                </Row>
              </li>
            ))}
          </List>
        </section>
      ))}
    </details>
  );
}

interface OwnerChoiceProps {
  readonly patient: PatientFiles;
  readonly owner: CodeContent | undefined;
  readonly isFixed: boolean;
  readonly onOwner: (owner: CodeContent | undefined) => void;
  readonly onOpened: (account: string, labels: Labels) => void;
}

/** A name is never enough to seal for somebody: it is suggested, and a person says yes. */
function OwnerChoice({ patient, owner, isFixed, onOwner, onOpened }: OwnerChoiceProps) {
  const t = useTexts(hospitalTexts);
  const names = useNames();
  const [scanned, setScanned] = useState<CodeContent>();
  const [only, another] = accountsNamed(names, isPatient, patient.name ?? "");
  const isSuggested = owner === undefined && only !== undefined && another === undefined;
  if (isFixed || (owner !== undefined && scanned === undefined)) {
    const name = owner && (names.get(owner.account)?.name ?? owner.name);
    return (
      <div className={styles.chosen}>
        <IconLock size={22} aria-hidden="true" />
        <span>
          <span className={styles.quiet}>{t("sealFor")} </span>
          <strong>{name}</strong> <span className={styles.quiet}>{owner && shortId(owner.account)}</span>
        </span>
        {!isFixed && (
          <Button variant="default" onClick={() => onOwner(undefined)}>
            {t("change")}
          </Button>
        )}
      </div>
    );
  }
  function choose(person: CodeContent | undefined): void {
    setScanned(person);
    onOwner(person);
  }
  return (
    <>
      {isSuggested && (
        <div className={styles.suggestion}>
          <Button variant="light" onClick={() => onOwner({ account: only, name: names.get(only)!.name })}>
            {t("suggestion", { name: names.get(only)!.name, id: shortId(only) })}
          </Button>
          <span className={styles.quiet}>{t("suggestionText")}</span>
        </div>
      )}
      <PersonField label={t("sealFor")} isSought={isPatient} value={scanned} onChange={choose} />
      {owner === undefined && <NoAccount patient={patient} isKnown={only !== undefined} onOpened={onOpened} />}
    </>
  );
}

interface NoAccountProps extends Pick<OwnerChoiceProps, "patient" | "onOpened"> {
  /** Whether the browser knows somebody of the patient's name. */
  readonly isKnown: boolean;
}

/** Says that nobody here knows an account of the patient, and offers to open one. */
function NoAccount({ patient, isKnown, onOpened }: NoAccountProps) {
  const t = useTexts(hospitalTexts);
  const [isOpening, opening] = useDisclosure();
  const name = patient.name ?? t("unnamed");
  return (
    <>
      {!isKnown && <Note tone="warn">{t("noAccount", { name })}</Note>}
      <Button
        variant="default"
        className={styles.start}
        leftSection={<IconUserPlus size={20} />}
        onClick={opening.open}
        aria-label={`${t("openAccount")}: ${name}`}
      >
        {t("openAccount")}
      </Button>
      {isOpening && (
        <Suspense>
          <OpenAccount
            suggestedName={patient.name ?? ""}
            onClose={opening.close}
            onOpened={(account, labels) => {
              opening.close();
              onOpened(account, labels);
            }}
          />
        </Suspense>
      )}
    </>
  );
}

function ProgressLine({ progress }: { readonly progress: Progress }) {
  const t = useTexts(hospitalTexts);
  const formats = useFormats();
  if (progress.state === "filed") {
    const { filed, before, erased } = progress;
    return (
      <Note tone="good">
        <span role="status">
          {t("filed", { count: filed + before })}
          {before > 0 && ` · ${t("filedBefore", { count: before })}`}
          {erased > 0 && ` · ${t("erased", { count: erased })}`}
        </span>
      </Note>
    );
  }
  const { onFile, total } = progress;
  const words = t("filing", { onFile, total });
  if (progress.state === "filing") {
    return (
      <div className={styles.progress}>
        <progress value={onFile} max={total} aria-label={words} />
        <span className={styles.quiet}>{words}</span>
      </div>
    );
  }
  return (
    <Note tone="bad">
      {formats.sentences(
        t("failed", { onFile, total }),
        !(progress.error instanceof NotSignedError) && describeFailure(progress.error).text,
      )}
    </Note>
  );
}
