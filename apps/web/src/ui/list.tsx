import type { ReactNode } from "react";
import styles from "./list.module.css";
import { Card } from "./surface.tsx";

/** A sheet with a list on it, its items divided by lines. */
export function ListCard({ children }: { readonly children: ReactNode }) {
  return (
    <Card className={styles.card}>
      <ul className={styles.list}>{children}</ul>
    </Card>
  );
}

/** An item of `ListCard` with a few words side by side, as far as there is room. */
export function ListLine({ children }: { readonly children: ReactNode }) {
  return (
    <li>
      <div className={styles.line}>{children}</div>
    </li>
  );
}
