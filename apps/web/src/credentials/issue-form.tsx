import { IssueCredential } from "@galen/ledger/modules/credentials/schema";
import type { CredentialType } from "@galen/ledger/modules/governance/schema";
import { codecOf } from "@galen/ledger/schema/codec";
import { SchemaError } from "@galen/ledger/schema/schema-error";
import { credentialTypes } from "@galen/sdk/acts/vocabulary";
import { Button, Select, TextInput } from "@mantine/core";
import { useState } from "react";
import { type Day, dayOf, endOfDay, startOfDay } from "../frame/days.ts";
import { describeFailure } from "../frame/failure.ts";
import { useLanguage, useTexts } from "../frame/texts.ts";
import { usePerson } from "../keys/person.ts";
import { saveFile } from "../records/save-file.ts";
import { NotSignedError } from "../signing/signing.tsx";
import { DayInput } from "../ui/day-input.tsx";
import { Actions, Note } from "../ui/surface.tsx";
import { type Certified, writeCertificate } from "./certificate.ts";
import styles from "./credentials.module.css";
import { credentialTexts } from "./texts.ts";
import { useCredentialAct } from "./use-credential-act.ts";

/** What is typed and chosen, field by field as the message's schema has it. */
interface Fields {
  readonly credentialType: CredentialType;
  readonly scope: string;
  readonly validFrom: Day;
  readonly validUntil: Day;
}

const scopeCodec = codecOf(IssueCredential.properties.scope);
/** As many licensing bodies renew. */
const USUAL_YEARS = 5;

interface IssueFormProps {
  readonly holder: { readonly account: string; readonly name: string };
  /** What the one who signs is registered to issue; never empty. */
  readonly types: readonly CredentialType[];
  readonly onDone: () => void;
}

/** Issues a credential to somebody. */
export function IssueForm({ holder, types, onDone }: IssueFormProps) {
  const t = useTexts(credentialTexts);
  const [fields, setFields] = useState<Fields>(() => firstFields(types[0]!));
  const change = (part: Partial<Fields>) => setFields((before) => ({ ...before, ...part }));
  const faults = useFaults(fields);
  const { mutate, isPending, error } = useIssuing(holder, onDone);
  const hasFault = Object.values(faults).some((fault) => fault !== undefined);

  function submit(): void {
    if (!hasFault) mutate(fields);
  }

  return (
    <form
      className={styles.form}
      onSubmit={(event) => {
        event.preventDefault();
        submit();
      }}
    >
      <strong>{t("issueTitle", { name: holder.name })}</strong>
      <p className={styles.quiet}>{t("issueText")}</p>
      <FieldInputs fields={fields} faults={faults} types={types} onChange={change} />
      {error && !(error instanceof NotSignedError) && <Note tone="bad">{describeFailure(error, credentialTexts).text}</Note>}
      <Actions>
        <Button type="submit" loading={isPending} disabled={hasFault}>
          {t("sign")}
        </Button>
        <Button variant="default" disabled={isPending} onClick={onDone}>
          {t("cancel")}
        </Button>
      </Actions>
    </form>
  );
}

type Faults = Readonly<Record<"scope" | "validFrom" | "validUntil", string | undefined>>;

interface FieldInputsProps {
  readonly fields: Fields;
  readonly faults: Faults;
  readonly types: readonly CredentialType[];
  readonly onChange: (part: Partial<Fields>) => void;
}

function FieldInputs({ fields, faults, types, onChange }: FieldInputsProps) {
  const t = useTexts(credentialTexts);
  const language = useLanguage();
  return (
    <div className={styles.fields}>
      <Select
        size="md"
        label={t("type")}
        allowDeselect={false}
        data={types.map((value) => ({ value, label: credentialTypes[value][language] }))}
        value={fields.credentialType}
        onChange={(value) => onChange({ credentialType: types.find((one) => one === value) ?? fields.credentialType })}
      />
      <TextInput
        size="md"
        label={t("scope")}
        description={t("scopeHint")}
        value={fields.scope}
        onChange={(event) => onChange({ scope: event.currentTarget.value.trim() })}
        error={faults.scope}
      />
      <DayInput
        isRequired
        label={t("from")}
        description={t("beforeIssuing")}
        value={fields.validFrom}
        onChange={(validFrom) => onChange({ validFrom })}
        error={faults.validFrom}
      />
      <DayInput
        isRequired
        label={t("until")}
        value={fields.validUntil}
        onChange={(validUntil) => onChange({ validUntil })}
        error={faults.validUntil}
      />
    </div>
  );
}

function firstFields(credentialType: CredentialType): Fields {
  const today = new Date();
  const end = new Date(today.getFullYear() + USUAL_YEARS, today.getMonth(), today.getDate());
  return { credentialType, scope: "", validFrom: dayOf(today.getTime()), validUntil: dayOf(end.getTime()) };
}

/** What the ledger would refuse, said at its field. */
function useFaults({ scope, validFrom, validUntil }: Fields): Faults {
  const t = useTexts(credentialTexts);
  const [from, until] = [startOfDay(validFrom), endOfDay(validUntil)];
  const untilFault = () => {
    if (until === undefined) return t("dayWrong");
    if (until <= Date.now()) return t("endsInPast");
    return from !== undefined && until <= from ? t("endsBefore") : undefined;
  };
  return {
    scope: scope === "" || isScope(scope) ? undefined : t("scopeWrong"),
    validFrom: from === undefined ? t("dayWrong") : undefined,
    validUntil: untilFault(),
  };
}

/** The message's own schema judges, as it will on the ledger. */
function isScope(scope: string): boolean {
  try {
    scopeCodec.encode(scope);
    return true;
  } catch (error) {
    if (error instanceof SchemaError) return false;
    throw error;
  }
}

function useIssuing(holder: IssueFormProps["holder"], onDone: () => void) {
  const t = useTexts(credentialTexts);
  const language = useLanguage();
  const { own, saved } = usePerson();
  const act = useCredentialAct(holder.account, onDone);
  const issuer = { account: own.account, name: saved.name };

  async function issue({ credentialType, scope, validFrom, validUntil }: Fields): Promise<void> {
    const period = { validFrom: startOfDay(validFrom)!, validUntil: endOfDay(validUntil)! };
    const certified: Certified = { holder, issuer, credentialType, ...(scope === "" ? {} : { scope }), ...period };
    const { file, statement } = await writeCertificate(certified);
    const type = credentialTypes[credentialType][language];
    await act.mutateAsync({
      message: { type: "credentials.issue", value: statement },
      names: (id) => (id === holder.account ? holder.name : id === statement.credentialId ? `${type} · ${holder.name}` : undefined),
      title: t("issued", { name: holder.name }),
      text: t("issuedText"),
    });
    saveFile(`galen-certificate-${statement.credentialId.slice(0, 8)}.json`, file, "application/json");
  }

  return { ...act, mutate: (fields: Fields) => void issue(fields).catch(() => undefined) };
}
