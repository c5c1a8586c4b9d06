import type { ComponentProps, ReactNode } from "react";
import styles from "./list.module.css";
import { Card } from "./surface.tsx";

/** Items that are divided by lines. */
export function List(props: ComponentProps<"ul">) {
  return <ul className={styles.list} {...props} />;
}

/** A sheet with a list on it. */
export function ListCard({ children }: { readonly children: ReactNode }) {
  return (
    <Card className={styles.card}>
      <List>{children}</List>
    </Card>
  );
}

/** An item of a list with a few words side by side, as far as there is room; the first take what the others leave. */
export function ListLine({ children }: { readonly children: ReactNode }) {
  return (
    <li>
      <div className={styles.line}>{children}</div>
    </li>
  );
}
