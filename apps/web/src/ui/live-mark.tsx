import type { ReactNode } from "react";
import styles from "./live-mark.module.css";

/** Says that what is on the page changes by itself. */
export function LiveMark({ children }: { readonly children: ReactNode }) {
  return (
    <span className={styles.live}>
      <span className={styles.pulse} aria-hidden="true" />
      {children}
    </span>
  );
}
