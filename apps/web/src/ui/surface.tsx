import type { ComponentProps, ReactNode } from "react";
import { useEffect } from "react";
import styles from "./surface.module.css";

export type Tone = "plain" | "brand" | "good" | "warn" | "bad";

/** A sheet on which things that belong together lie. */
export function Card({ children, className }: { readonly children: ReactNode; readonly className?: string | undefined }) {
  return <div className={className === undefined ? styles.card : `${styles.card} ${className}`}>{children}</div>;
}

interface PageHeaderProps {
  readonly title: string;
  readonly lead?: ReactNode;
  /** Buttons beside the title. */
  readonly children?: ReactNode;
}

/** The one heading of a page, which is the title of the window as well. */
export function PageHeader({ title, lead, children }: PageHeaderProps) {
  useEffect(() => {
    document.title = `${title} · Galen`;
  }, [title]);
  return (
    <header className={styles.header}>
      <div>
        <h1 className={styles.title}>{title}</h1>
        {lead !== undefined && <p className={styles.lead}>{lead}</p>}
      </div>
      {children}
    </header>
  );
}

/** A part of a page under a heading of its own. */
export function Section({ title, children, aside }: { readonly title: string; readonly children: ReactNode; readonly aside?: ReactNode }) {
  return (
    <section className={styles.section}>
      <div className={styles.header}>
        <h2 className={styles.sectionTitle}>{title}</h2>
        {aside}
      </div>
      {children}
    </section>
  );
}

/** Buttons side by side; on a phone as wide as there is room. */
export function Actions(props: ComponentProps<"div">) {
  return <div className={styles.actions} {...props} />;
}

/** A short word about a thing. */
export function Tag({ tone = "plain", children }: { readonly tone?: Tone; readonly children: ReactNode }) {
  return (
    <span className={styles.tag} data-tone={tone}>
      {children}
    </span>
  );
}

interface NoteProps {
  readonly tone: Exclude<Tone, "plain">;
  readonly icon?: ReactNode;
  readonly children: ReactNode;
}

/** A sentence that must be seen. What is wrong is said aloud by screen readers at once. */
export function Note({ tone, icon, children }: NoteProps) {
  return (
    <div className={styles.note} data-tone={tone} role={tone === "bad" ? "alert" : undefined}>
      {icon}
      <div>{children}</div>
    </div>
  );
}

/** An id or a hash: digits to compare. */
export function Mono({ children }: { readonly children: ReactNode }) {
  return <span className={styles.mono}>{children}</span>;
}

interface AvatarProps {
  readonly name: string;
  readonly kind?: "person" | "organisation";
  /** Rem. */
  readonly size?: number;
}

/** Initials in a circle, those of organisations in a square. Decoration: the name stands beside it. */
export function Avatar({ name, kind = "person", size = 2.75 }: AvatarProps) {
  return (
    <span
      className={styles.avatar}
      data-kind={kind}
      data-initials={initialsOf(name)}
      style={{ ["--avatar-size" as string]: `${size}rem` }}
      aria-hidden="true"
    />
  );
}

function initialsOf(name: string): string {
  // Of the words alone: what stands for an account without a name has a part in brackets.
  const words = name
    .replace(/^Dr\.?\s+/u, "")
    .split(/\s+/u)
    .filter((word) => /^[\p{L}\p{N}]/u.test(word));
  const [first = "", ...others] = words.map((word) => [...word][0]!);
  return `${first}${others.at(-1) ?? ""}`.toUpperCase();
}
