import { checkDigits, type KnownRecoveries } from "@galen/sdk/accounts/recovery";
import { useFormats } from "../../frame/formats.ts";
import { useTexts } from "../../frame/texts.ts";
import { guardianTexts } from "./guardian-texts.ts";
import styles from "./guardians.module.css";
import { type OpenRecovery, useNameOf } from "./recoveries.ts";

interface StateProps {
  readonly account: string;
  readonly recovery: OpenRecovery;
  readonly recoveries: KnownRecoveries;
}

/** Who has approved new keys so far, and when they take effect. */
export function RecoveryState({ account, recovery, recoveries: { guardianship, running } }: StateProps) {
  const t = useTexts(guardianTexts);
  const formats = useFormats();
  const nameOf = useNameOf();
  const names = formats.list(recovery.guardians.map(nameOf));
  return (
    <>
      <p className={styles.text}>{t("approvedBy", { count: recovery.guardians.length, threshold: guardianship?.threshold ?? 0, names })}</p>
      {running?.recoveryId === recovery.recoveryId && (
        <p className={styles.text}>{t("due", { at: formats.dateTime(running.dueAt), name: nameOf(account) })}</p>
      )}
    </>
  );
}

/** The digits that owner and guardian read to each other. */
export function Digits({ recoveryId }: { readonly recoveryId: string }) {
  return (
    <p className={styles.digits} translate="no">
      {checkDigits(recoveryId)}
    </p>
  );
}
