import type { ReasonCode } from "@galen/ledger/modules/credentials/schema";
import { credentialTypes, reasonCodes } from "@galen/sdk/acts/vocabulary";
import { Button, Select } from "@mantine/core";
import { useState } from "react";
import { type Day, dayOf, startOfDay } from "../frame/days.ts";
import { describeFailure } from "../frame/failure.ts";
import { useLanguage, useTexts } from "../frame/texts.ts";
import { NotSignedError } from "../signing/signing.tsx";
import { DayInput } from "../ui/day-input.tsx";
import { Actions, Note } from "../ui/surface.tsx";
import styles from "./credentials.module.css";
import type { HeldCredential } from "./held-credentials.ts";
import { credentialTexts } from "./texts.ts";
import { useCredentialAct } from "./use-credential-act.ts";

/** What an issuer may do with what it issued. */
export type Change = "suspend" | "reinstate" | "revoke";

const reasons = Object.keys(reasonCodes) as readonly ReasonCode[];
const done = { suspend: "suspended", reinstate: "reinstated", revoke: "revoked" } as const;

interface ChangeFormProps {
  readonly change: Change;
  readonly held: HeldCredential;
  readonly holderName: string;
  readonly onDone: () => void;
}

/** Suspends, reinstates or revokes one credential; what follows from it stands above the fields. */
export function ChangeForm({ change, held: { credential }, holderName, onDone }: ChangeFormProps) {
  const t = useTexts(credentialTexts);
  const language = useLanguage();
  const [day, setDay] = useState(() => dayOf(Date.now()));
  const [reasonCode, setReason] = useState<ReasonCode>("administrative");
  const { mutate, isPending, error } = useCredentialAct(credential.holder, onDone);
  const words = { type: credentialTypes[credential.credentialType][language], name: holderName };
  const from = causeOn(day, Date.now());
  const fault = from === undefined ? t("dayWrong") : from > Date.now() ? t("causeInFuture") : undefined;

  function submit(): void {
    const { credentialId } = credential;
    mutate({
      message: { type: `credentials.${change}`, value: change === "reinstate" ? { credentialId } : { credentialId, from, reasonCode } },
      names: (id) => (id === credentialId ? `${words.type} · ${holderName}` : id === credential.holder ? holderName : undefined),
      title: t(done[change], words),
    });
  }

  return (
    <form
      className={styles.form}
      onSubmit={(event) => {
        event.preventDefault();
        submit();
      }}
    >
      <strong>{t(`${change}Title`, words)}</strong>
      <p className={styles.quiet}>{t(`${change}Text`)}</p>
      {change !== "reinstate" && <CauseFields day={day} fault={fault} reasonCode={reasonCode} onDay={setDay} onReason={setReason} />}
      {error && !(error instanceof NotSignedError) && <Note tone="bad">{describeFailure(error, credentialTexts).text}</Note>}
      <Actions>
        <Button type="submit" loading={isPending} disabled={fault !== undefined} {...(change === "revoke" && { color: "rust" })}>
          {t("sign")}
        </Button>
        <Button variant="default" disabled={isPending} onClick={onDone}>
          {t("cancel")}
        </Button>
      </Actions>
    </form>
  );
}

interface CauseFieldsProps {
  readonly day: Day;
  readonly fault: string | undefined;
  readonly reasonCode: ReasonCode;
  readonly onDay: (day: Day) => void;
  readonly onReason: (reason: ReasonCode) => void;
}

function CauseFields({ day, fault, reasonCode, onDay, onReason }: CauseFieldsProps) {
  const t = useTexts(credentialTexts);
  const language = useLanguage();
  return (
    <div className={styles.fields}>
      <DayInput isRequired label={t("cause")} description={t("causeHint")} value={day} onChange={onDay} error={fault} />
      <Select
        size="md"
        label={t("reason")}
        description={t("reasonHint")}
        allowDeselect={false}
        data={reasons.map((value) => ({ value, label: reasonCodes[value][language] }))}
        value={reasonCode}
        onChange={(value) => onReason(reasons.find((one) => one === value) ?? reasonCode)}
      />
    </div>
  );
}

/** Block time may lie a moment behind this clock, and no cause may lie ahead of it. */
const CLOCK_TOLERANCE_MS = 60_000;

/** From when a cause of that day counts: of today, from the moment of the act. */
function causeOn(day: Day, now: number): number | undefined {
  return day === dayOf(now) ? now - CLOCK_TOLERANCE_MS : startOfDay(day);
}
