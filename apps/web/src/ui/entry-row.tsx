import type { ReactNode } from "react";
import styles from "./entry-row.module.css";
import { Row } from "./row.tsx";

interface EntryRowProps {
  readonly icon: ReactNode;
  /** `plain`: as it should be. */
  readonly tone: "plain" | "warn" | "bad";
  /** Who did what, the name in `<strong>`. */
  readonly children: ReactNode;
  /** For what, on which ground; below the words. */
  readonly terms?: ReactNode;
  /** Milliseconds since 1970. */
  readonly at: number;
  /** The same in the reader's words. */
  readonly time: string;
}

/** Something that somebody did, in a log: what it was, and when. */
export function EntryRow({ icon, tone, children, terms, at, time }: EntryRowProps) {
  return (
    <Row
      lead={
        <span className={styles.icon} data-tone={tone} aria-hidden="true">
          {icon}
        </span>
      }
      terms={terms}
      aside={
        <time className={styles.time} dateTime={new Date(at).toISOString()}>
          {time}
        </time>
      }
    >
      {children}
    </Row>
  );
}
