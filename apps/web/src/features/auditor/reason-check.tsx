import { portableCrypto } from "@galen/ledger/crypto/portable";
import { fitsReason } from "@galen/sdk/records/read-emergency";
import { Button, Textarea, TextInput } from "@mantine/core";
import { useState } from "react";
import { useTexts } from "../../frame/texts.ts";
import { Note } from "../../ui/surface.tsx";
import styles from "./auditor.module.css";
import { reviewTexts } from "./review-texts.ts";

/** Whether the reason that a reader gives now is the one to which the entry on the ledger is bound. */
export function ReasonCheck({ reasonHash }: { readonly reasonHash: string }) {
  const t = useTexts(reviewTexts);
  const [text, setText] = useState("");
  const [nonce, setNonce] = useState("");
  const [fits, setFits] = useState<boolean>();
  return (
    <details className={styles.reason}>
      <summary>{t("checkReason")}</summary>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          setFits(fitsReason({ text: text.trim(), nonce: nonce.trim().toLowerCase(), reasonHash }, portableCrypto));
        }}
      >
        <Textarea label={t("reasonField")} autosize minRows={2} value={text} onChange={(event) => setText(event.currentTarget.value)} />
        <TextInput label={t("nonceField")} value={nonce} onChange={(event) => setNonce(event.currentTarget.value)} />
        <Button type="submit" variant="light" disabled={text.trim() === "" || nonce.trim() === ""}>
          {t("check")}
        </Button>
        {fits !== undefined && <Note tone={fits ? "good" : "bad"}>{t(fits ? "fits" : "fitsNot")}</Note>}
      </form>
    </details>
  );
}
