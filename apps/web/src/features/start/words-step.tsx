import { Button, Checkbox } from "@mantine/core";
import { useState } from "react";
import { useTexts } from "../../frame/texts.ts";
import { Note } from "../../ui/surface.tsx";
import { WordList } from "../../ui/word-list.tsx";
import styles from "./start.module.css";
import { walletTexts } from "./wallet-texts.ts";

/** Fresh words, to be written on paper before anything is done with them. */
export function WordsStep({ words, onDone }: { readonly words: string; readonly onDone: () => void }) {
  const t = useTexts(walletTexts);
  const [isWritten, setWritten] = useState(false);
  return (
    <div className={styles.wideForm}>
      <Note tone="warn">{t("wordsText")}</Note>
      <WordList words={words} />
      <Checkbox size="md" label={t("wordsWritten")} checked={isWritten} onChange={(event) => setWritten(event.currentTarget.checked)} />
      <Button size="lg" disabled={!isWritten} onClick={onDone}>
        {t("next")}
      </Button>
    </div>
  );
}
