import type { JsonObject } from "@galen/gateway";
import { writeJson } from "@galen/gateway/fhir/json-value";
import { cardBundle } from "@galen/gateway/health-card/card-bundle";
import { cardCode } from "@galen/gateway/health-card/card-code";
import type { CardEntry } from "@galen/gateway/health-card/card-contents";
import { cardDocument } from "@galen/gateway/health-card/card-document";
import { HealthCardError } from "@galen/gateway/health-card/health-card-error";
import { issueHealthCard } from "@galen/gateway/health-card/issue-card";
import { issuerAddress, issuerSecretKey } from "@galen/gateway/health-card/ledger-issuer";
import { decodeUtf8 } from "@galen/ledger/crypto/utf8";
import { Button, Checkbox, Radio } from "@mantine/core";
import { IconCircleCheck } from "@tabler/icons-react";
import { useState } from "react";
import { endOfDay } from "../../frame/days.ts";
import { describeFailure } from "../../frame/failure.ts";
import { useTexts } from "../../frame/texts.ts";
import { usePersonWords, useVaccinationWords } from "../../health-card/card-lines.tsx";
import { shortId, useNames } from "../../keys/names.ts";
import { usePerson } from "../../keys/person.ts";
import type { OpenedRecord } from "../../records/opened-record.ts";
import { EarlierFiledError, useWriting } from "../../records/use-writing.ts";
import { NotSignedError } from "../../signing/signing.tsx";
import { DayInput } from "../../ui/day-input.tsx";
import { Card, Note } from "../../ui/surface.tsx";
import styles from "./cards.module.css";
import { cardsTexts } from "./cards-texts.ts";
import { useCardSigner } from "./use-card-signer.ts";

interface CardFormProps {
  readonly account: string;
  readonly name: string;
  readonly record: OpenedRecord;
  /** Whom the documents name; at least one. */
  readonly patients: readonly CardEntry[];
  readonly immunizations: readonly CardEntry[];
  readonly onAgain: () => void;
}

/** What goes on the card, as whoever scans it will see it; then it is signed and filed. What the house has not filed goes on when somebody says so. */
export function CardForm({ account, name, record, patients, immunizations, onAgain }: CardFormProps) {
  const t = useTexts(cardsTexts);
  const [patient, setPatient] = useState(patients.length === 1 ? patients.find(isOwn) : undefined);
  const [chosen, setChosen] = useState<ReadonlySet<CardEntry>>(new Set(immunizations.filter(isOwn)));
  const [lastDay, setLastDay] = useState("");
  const end = lastDay === "" ? undefined : endOfDay(lastDay);
  const isOver = lastDay !== "" && (end === undefined || end <= Date.now());
  const { issue, isSuccess, isPending, error } = useIssuing({ account, record });
  if (isSuccess) return <Issued name={name} onAgain={onAgain} />;
  return (
    <Card className={styles.sheet}>
      <form
        className={styles.form}
        onSubmit={(event) => {
          event.preventDefault();
          issue(
            [patient!, ...immunizations.filter((one) => chosen.has(one))].map(({ resource }) => resource),
            end,
          );
        }}
      >
        <PersonChoice patients={patients} value={patient} onChange={setPatient} />
        <VaccinationChoice immunizations={immunizations} chosen={chosen} onChange={setChosen} />
        <DayInput
          label={t("lastDay")}
          description={t("lastDayHint")}
          value={lastDay}
          onChange={setLastDay}
          error={isOver ? t("over") : undefined}
        />
        <Note tone="brand">{t("seen")}</Note>
        {error && !(error instanceof NotSignedError) && (
          <Note tone="bad">
            <IssuingFault error={error} />
          </Note>
        )}
        <Button type="submit" size="lg" loading={isPending} disabled={!patient || chosen.size === 0 || isOver}>
          {t("issue")}
        </Button>
      </form>
    </Card>
  );
}

function IssuingFault({ error }: { readonly error: Error }) {
  const t = useTexts(cardsTexts);
  if (error instanceof EarlierFiledError) return t("earlier");
  return error instanceof HealthCardError && error.code === "TooLarge" ? t("tooLarge") : describeFailure(error).text;
}

/** Whether the house vouches for an entry already. */
function isOwn({ filedBy }: CardEntry): boolean {
  return filedBy === "house";
}

interface VaccinationChoiceProps {
  readonly immunizations: readonly CardEntry[];
  readonly chosen: ReadonlySet<CardEntry>;
  readonly onChange: (chosen: ReadonlySet<CardEntry>) => void;
}

function VaccinationChoice({ immunizations, chosen, onChange }: VaccinationChoiceProps) {
  const t = useTexts(cardsTexts);
  const vaccination = useVaccinationWords();
  const filed = useFiledWords();
  return (
    <Checkbox.Group
      label={t("chosen")}
      description={immunizations.every(isOwn) ? undefined : t("notOwn")}
      value={immunizations.flatMap((one, index) => (chosen.has(one) ? [String(index)] : []))}
      onChange={(values) => onChange(new Set(immunizations.filter((_, index) => values.includes(String(index)))))}
    >
      <div className={styles.choices}>
        {immunizations.map((one, index) => (
          <Checkbox key={index} size="md" value={String(index)} label={vaccination(one.resource)} description={filed(one)} />
        ))}
      </div>
    </Checkbox.Group>
  );
}

interface PersonChoiceProps {
  readonly patients: readonly CardEntry[];
  readonly value: CardEntry | undefined;
  readonly onChange: (patient: CardEntry | undefined) => void;
}

/** Documents that name several people, or one whom the house has not filed, ask for a choice: a card for the wrong one would be genuine. */
function PersonChoice({ patients, value, onChange }: PersonChoiceProps) {
  const t = useTexts(cardsTexts);
  const person = usePersonWords();
  const filed = useFiledWords();
  const [only, another] = patients;
  if (only && isOwn(only) && !another) {
    return (
      <div>
        <h2 className={styles.heading}>{t("person")}</h2>
        <p className={styles.text}>{person(only.resource)}</p>
        <p className={styles.quiet}>{filed(only)}</p>
      </div>
    );
  }
  return (
    <>
      <Note tone="warn">{t(another ? "several" : "personNotOwn")}</Note>
      <Radio.Group
        label={t("person")}
        value={value ? String(patients.indexOf(value)) : null}
        onChange={(index) => onChange(patients[Number(index)])}
      >
        <div className={styles.choices}>
          {patients.map((one, index) => (
            <Radio key={index} size="md" value={String(index)} label={person(one.resource)} description={filed(one)} />
          ))}
        </div>
      </Radio.Group>
    </>
  );
}

/** Who filed an entry, as the ledger proves it. */
function useFiledWords(): (entry: CardEntry) => string {
  const t = useTexts(cardsTexts);
  const names = useNames();
  const nameOf = (account: string) => names.get(account)?.name ?? shortId(account);
  return ({ author, organisation = author, filedBy }) => {
    if (filedBy === "patient") return t("filedByPatient");
    const values = { author: nameOf(author), house: nameOf(organisation) };
    return t(author === organisation ? "filedBy" : "filedFor", values);
  };
}

function Issued({ name, onAgain }: { readonly name: string; readonly onAgain: () => void }) {
  const t = useTexts(cardsTexts);
  return (
    <Card className={styles.sheet}>
      <Note tone="good" icon={<IconCircleCheck size={24} aria-hidden="true" />}>
        <span role="status">
          <strong>{t("issued")}</strong> {t("issuedText", { name })}
        </span>
      </Note>
      <Button variant="default" onClick={onAgain}>
        {t("another")}
      </Button>
    </Card>
  );
}

/** Signs a card by the house's card signer and files it in the patient's record. */
function useIssuing({ account, record }: Pick<CardFormProps, "account" | "record">) {
  const { own } = usePerson();
  const { signer } = useCardSigner();
  const { mutate, ...filing } = useWriting({ owner: account, record });
  const issuer = issuerAddress(location.host, { organisation: own.account, signer: signer.account });
  function issue(resources: readonly JsonObject[], validUntil: number | undefined): void {
    const bundle = cardBundle({ resourceType: "Bundle", entry: resources.map((resource) => ({ resource })) })!;
    mutate({
      title: "SMART Health Card",
      says: `${validUntil} ${decodeUtf8(writeJson(bundle))}`,
      async write(authorship) {
        const terms = { now: authorship.writtenAt, ...(validUntil !== undefined && { validUntil }) };
        const jws = await issueHealthCard({ bundle, issuer, key: await issuerSecretKey(signer), ...terms });
        // Refuses a card that no code holds, before anything is filed.
        cardCode(jws);
        return cardDocument(jws, authorship);
      },
    });
  }
  return { issue, ...filing };
}
