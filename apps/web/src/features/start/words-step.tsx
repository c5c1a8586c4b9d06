import { Button, Checkbox } from "@mantine/core";
import { useState } from "react";
import { useTexts } from "../../frame/texts.ts";
import { Note } from "../../ui/surface.tsx";
import styles from "./start.module.css";
import { walletTexts } from "./wallet-texts.ts";

/** Fresh words, to be written on paper before anything is done with them. */
export function WordsStep({ words, onDone }: { readonly words: string; readonly onDone: () => void }) {
  const t = useTexts(walletTexts);
  const [isWritten, setWritten] = useState(false);
  return (
    <div className={styles.form} style={{ maxWidth: "none" }}>
      <Note tone="warn">{t("wordsText")}</Note>
      <ol className={styles.words} translate="no" lang="en">
        {words.split(" ").map((word, index) => (
          <li key={index}>{word}</li>
        ))}
      </ol>
      <Checkbox size="md" label={t("wordsWritten")} checked={isWritten} onChange={(event) => setWritten(event.currentTarget.checked)} />
      <Button size="lg" disabled={!isWritten} onClick={onDone} style={{ justifySelf: "start" }}>
        {t("next")}
      </Button>
    </div>
  );
}
