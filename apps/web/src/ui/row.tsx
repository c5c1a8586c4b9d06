import type { ReactNode } from "react";
import styles from "./row.module.css";

interface RowProps {
  /** An avatar or an icon. */
  readonly lead?: ReactNode;
  /** Who or what, the name in `<strong>`. */
  readonly children: ReactNode;
  /** What is to be known of it; below the words. */
  readonly terms?: ReactNode;
  /** How it stands, what can be done: tags and buttons. */
  readonly aside?: ReactNode;
}

/** Somebody or something in a few words, with what can be done about it. */
export function Row({ lead, children, terms, aside }: RowProps) {
  return (
    <div className={styles.row}>
      {lead}
      <div className={styles.words}>
        {children}
        {terms !== undefined && <div className={styles.terms}>{terms}</div>}
      </div>
      {aside}
    </div>
  );
}
