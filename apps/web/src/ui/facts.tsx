import type { CSSProperties, ReactNode } from "react";
import styles from "./facts.module.css";

interface FactsProps {
  /** Least width of a column, in rem; one column without it. */
  readonly columnWidth?: number;
  readonly children: ReactNode;
}

/** Names and their values, in as many columns as there is room for. */
export function Facts({ columnWidth, children }: FactsProps) {
  const style = columnWidth === undefined ? undefined : ({ "--column": `${columnWidth}rem` } as CSSProperties);
  return (
    <dl className={styles.facts} style={style}>
      {children}
    </dl>
  );
}

/** A few numbers that are read at a glance. */
export function Figures({ children }: { readonly children: ReactNode }) {
  return <dl className={styles.figures}>{children}</dl>;
}

/** One of `Facts` or `Figures`. */
export function Fact({ name, children }: { readonly name: string; readonly children: ReactNode }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}
