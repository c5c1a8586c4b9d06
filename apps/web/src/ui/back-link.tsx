import { IconArrowLeft } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import styles from "./back-link.module.css";

/** The way back to the page that this one belongs to; not on paper. */
export function BackLink({ to, children }: { readonly to: string; readonly children: ReactNode }) {
  return (
    <Link className={styles.back} to={to} data-screen-only>
      <IconArrowLeft size={20} aria-hidden="true" />
      {children}
    </Link>
  );
}
