import { shortId } from "../../keys/names.ts";
import { Mono } from "../../ui/surface.tsx";
import styles from "./auditor.module.css";

/** A person as the ledger knows them. The whole id is there to be copied. */
export function Pseudonym({ role, account }: { readonly role?: string; readonly account: string }) {
  return (
    <span className={styles.pseudonym} title={account}>
      {role !== undefined && `${role} `}
      <Mono>{shortId(account)}</Mono>
    </span>
  );
}
