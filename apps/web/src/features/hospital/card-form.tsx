import type { JsonObject } from "@galen/gateway";
import { cardBundle } from "@galen/gateway/health-card/card-bundle";
import { cardCode } from "@galen/gateway/health-card/card-code";
import { cardDocument } from "@galen/gateway/health-card/card-document";
import { HealthCardError } from "@galen/gateway/health-card/health-card-error";
import { issueHealthCard } from "@galen/gateway/health-card/issue-card";
import { issuerAddress, issuerSecretKey } from "@galen/gateway/health-card/ledger-issuer";
import { Button, Checkbox, Radio } from "@mantine/core";
import { IconCircleCheck } from "@tabler/icons-react";
import { useState } from "react";
import { endOfDay } from "../../frame/days.ts";
import { describeFailure } from "../../frame/failure.ts";
import { useTexts } from "../../frame/texts.ts";
import { usePersonWords, useVaccinationWords } from "../../health-card/card-lines.tsx";
import { usePerson } from "../../keys/person.ts";
import type { OpenedRecord } from "../../records/opened-record.ts";
import { useWriting } from "../../records/use-writing.ts";
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
  readonly patients: readonly JsonObject[];
  readonly immunizations: readonly JsonObject[];
  readonly onAgain: () => void;
}

/** What goes on the card, as whoever scans it will see it; then it is signed and filed. */
export function CardForm({ account, name, record, patients, immunizations, onAgain }: CardFormProps) {
  const t = useTexts(cardsTexts);
  const [patient, setPatient] = useState(patients.length === 1 ? patients[0] : undefined);
  const [chosen, setChosen] = useState<ReadonlySet<JsonObject>>(new Set(immunizations));
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
          issue([patient!, ...immunizations.filter((one) => chosen.has(one))], end);
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
            {error instanceof HealthCardError && error.code === "TooLarge" ? t("tooLarge") : describeFailure(error).text}
          </Note>
        )}
        <Button type="submit" size="lg" loading={isPending} disabled={!patient || chosen.size === 0 || isOver}>
          {t("issue")}
        </Button>
      </form>
    </Card>
  );
}

interface VaccinationChoiceProps {
  readonly immunizations: readonly JsonObject[];
  readonly chosen: ReadonlySet<JsonObject>;
  readonly onChange: (chosen: ReadonlySet<JsonObject>) => void;
}

function VaccinationChoice({ immunizations, chosen, onChange }: VaccinationChoiceProps) {
  const t = useTexts(cardsTexts);
  const vaccination = useVaccinationWords();
  return (
    <Checkbox.Group
      label={t("chosen")}
      value={immunizations.flatMap((one, index) => (chosen.has(one) ? [String(index)] : []))}
      onChange={(values) => onChange(new Set(immunizations.filter((_, index) => values.includes(String(index)))))}
    >
      <div className={styles.choices}>
        {immunizations.map((one, index) => (
          <Checkbox key={index} size="md" value={String(index)} label={vaccination(one)} />
        ))}
      </div>
    </Checkbox.Group>
  );
}

interface PersonChoiceProps {
  readonly patients: readonly JsonObject[];
  readonly value: JsonObject | undefined;
  readonly onChange: (patient: JsonObject | undefined) => void;
}

/** Documents that name several people ask for a choice: a card for the wrong one would be genuine. */
function PersonChoice({ patients, value, onChange }: PersonChoiceProps) {
  const t = useTexts(cardsTexts);
  const person = usePersonWords();
  const [only, another] = patients;
  if (only && !another) {
    return (
      <div>
        <h2 className={styles.heading}>{t("person")}</h2>
        <p className={styles.text}>{person(only)}</p>
      </div>
    );
  }
  return (
    <>
      <Note tone="warn">{t("several")}</Note>
      <Radio.Group
        label={t("person")}
        value={value ? String(patients.indexOf(value)) : null}
        onChange={(index) => onChange(patients[Number(index)])}
      >
        <div className={styles.choices}>
          {patients.map((one, index) => (
            <Radio key={index} size="md" value={String(index)} label={person(one)} />
          ))}
        </div>
      </Radio.Group>
    </>
  );
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
    mutate({
      title: "SMART Health Card",
      async write(authorship) {
        const bundle = cardBundle({ resourceType: "Bundle", entry: resources.map((resource) => ({ resource })) })!;
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
