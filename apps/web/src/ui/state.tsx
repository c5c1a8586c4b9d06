import { Button } from "@mantine/core";
import { IconAlertTriangle } from "@tabler/icons-react";
import type { ReactNode } from "react";
import { describeFailure } from "../frame/failure.ts";
import { frameTexts } from "../frame/frame-texts.ts";
import { useTexts } from "../frame/texts.ts";
import styles from "./surface.module.css";

interface EmptyProps {
  readonly icon: ReactNode;
  readonly title: string;
  readonly children?: ReactNode;
  readonly action?: ReactNode;
}

/** What stands where nothing is yet: why, and what to do. */
export function Empty({ icon, title, children, action }: EmptyProps) {
  return (
    <div className={styles.state}>
      <span className={styles.stateIcon} aria-hidden="true">
        {icon}
      </span>
      <p className={styles.stateTitle}>{title}</p>
      {children !== undefined && <p className={styles.stateText}>{children}</p>}
      {action}
    </div>
  );
}

/** Work under way, in words after which nobody has to ask. */
export function Loading({ children }: { readonly children?: ReactNode }) {
  const t = useTexts(frameTexts);
  return (
    <div className={styles.state} role="status">
      <span className={styles.waiting} aria-hidden="true" />
      <p className={styles.stateText}>{children ?? t("loading")}</p>
    </div>
  );
}

/** Work that failed: what happened, what to do, and the stable id for whoever is asked. */
export function Failure({ error, onRetry }: { readonly error: unknown; readonly onRetry?: (() => void) | undefined }) {
  const t = useTexts(frameTexts);
  const { title, text, id } = describeFailure(error);
  return (
    <div className={styles.state} role="alert">
      <span className={`${styles.stateIcon} ${styles.stateBad}`} aria-hidden="true">
        <IconAlertTriangle size={30} />
      </span>
      <p className={styles.stateTitle}>{title}</p>
      <p className={styles.stateText}>{text}</p>
      {id !== undefined && <code className={styles.mono}>{id}</code>}
      {onRetry && (
        <Button variant="light" onClick={onRetry}>
          {t("retry")}
        </Button>
      )}
    </div>
  );
}
