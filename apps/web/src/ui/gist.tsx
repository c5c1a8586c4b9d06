import type { ComponentProps } from "react";
import styles from "./gist.module.css";

/** What it comes down to, at a gold edge: an act before it is signed, what an access would open, who waits. A heading, then lines or sentences. */
export function Gist(props: ComponentProps<"div">) {
  return <div className={styles.gist} {...props} />;
}
