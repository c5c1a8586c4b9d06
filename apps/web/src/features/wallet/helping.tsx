import type { Message } from "@galen/ledger/tx/transaction";
import { Button, Checkbox } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { describeFailure } from "../../frame/failure.ts";
import { useTexts } from "../../frame/texts.ts";
import { NotSignedError, useSigning } from "../../signing/signing.tsx";
import { notify } from "../../ui/notify.ts";
import { Note } from "../../ui/surface.tsx";
import { guardianTexts } from "./guardian-texts.ts";
import styles from "./guardians.module.css";
import { recoveriesKey } from "./recoveries.ts";
import { Digits } from "./recovery-state.tsx";

interface HelpingProps {
  readonly recoveryId: string;
  /** By which the guardian approves exactly these keys. */
  readonly message: Message;
}

/** A guardian approves new keys, once the digits were compared with the owner. */
export function Helping({ recoveryId, message }: HelpingProps) {
  const t = useTexts(guardianTexts);
  const sign = useSigning();
  const queries = useQueryClient();
  const [isSame, setSame] = useState(false);
  const helping = useMutation({
    mutationFn: () => sign({ messages: [message] }),
    async onSuccess() {
      void notify({ title: t("helped"), message: t("helpedText") });
      await queries.invalidateQueries({ queryKey: recoveriesKey });
    },
  });
  return (
    <div className={styles.form}>
      <p className={styles.text}>{t("digitsText")}</p>
      <Digits recoveryId={recoveryId} />
      <Checkbox size="md" label={t("digitsSame")} checked={isSame} onChange={(event) => setSame(event.currentTarget.checked)} />
      {helping.error && !(helping.error instanceof NotSignedError) && <Note tone="bad">{describeFailure(helping.error).text}</Note>}
      <Button size="lg" disabled={!isSame} loading={helping.isPending} onClick={() => helping.mutate()}>
        {t("approve")}
      </Button>
    </div>
  );
}
