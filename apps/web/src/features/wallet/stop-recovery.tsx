import type { KnownRecoveries } from "@galen/sdk/accounts/recovery";
import { describeAct } from "@galen/sdk/acts/describe-act";
import { Button } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { describeFailure } from "../../frame/failure.ts";
import { useFormats } from "../../frame/formats.ts";
import { useLanguage, useTexts } from "../../frame/texts.ts";
import { usePerson } from "../../keys/person.ts";
import { useSigning } from "../../signing/signing.tsx";
import { ActWords } from "../../signing/signing-sheet.tsx";
import { notify } from "../../ui/notify.ts";
import { Note } from "../../ui/surface.tsx";
import { guardianTexts } from "./guardian-texts.ts";
import styles from "./guardians.module.css";
import { recoveriesKey, useNameOf } from "./recoveries.ts";
import { RecoveryState } from "./recovery-state.tsx";

interface StopProps {
  readonly recoveries: KnownRecoveries;
  readonly onStopped?: () => void;
}

/** What is under way against the keys of this account, and one press that ends it: the words of the act stand beside the button. */
export function StopRecovery({ recoveries, onStopped }: StopProps) {
  const t = useTexts(guardianTexts);
  const formats = useFormats();
  const { own } = usePerson();
  const message = { type: "accounts.cancelRecovery", value: { account: own.account } };
  const stopping = useStopping(message, onStopped);
  const nameOf = useNameOf();
  const act = describeAct(message, { language: useLanguage(), names: nameOf });
  const { running, open } = recoveries;
  return (
    <div className={styles.form}>
      <Note tone="bad">
        <strong>{running ? t("alarmDue", { at: formats.dateTime(running.dueAt) }) : t("alarmWaits")}</strong>
        <br />
        {t("alarmText")}
      </Note>
      {open.map((recovery) => (
        <div key={recovery.recoveryId}>
          <RecoveryState account={own.account} recovery={recovery} recoveries={{ ...recoveries, running: undefined }} />
        </div>
      ))}
      <ActWords act={act} />
      {stopping.error && <Note tone="bad">{describeFailure(stopping.error).text}</Note>}
      <Button size="lg" color="rust" loading={stopping.isPending} onClick={() => stopping.mutate()}>
        {t("stop")}
      </Button>
    </div>
  );
}

function useStopping(message: { readonly type: string; readonly value: object }, onStopped: (() => void) | undefined) {
  const t = useTexts(guardianTexts);
  const sign = useSigning();
  const queries = useQueryClient();
  return useMutation({
    mutationFn: () => sign({ messages: [message], isShown: true }),
    async onSuccess() {
      void notify({ title: t("stopped"), message: t("stoppedText") });
      onStopped?.();
      await queries.invalidateQueries({ queryKey: recoveriesKey });
    },
  });
}
