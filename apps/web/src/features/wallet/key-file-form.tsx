import { MIN_PASSPHRASE_LENGTH } from "@galen/sdk/keys/key-file";
import { sealWordsFile, type WordsFile } from "@galen/sdk/keys/words-file";
import { Button } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { describeFailure } from "../../frame/failure.ts";
import { useTexts } from "../../frame/texts.ts";
import type { SavedPerson } from "../../keys/people-store.ts";
import { usePerson } from "../../keys/person.ts";
import { wordsOf } from "../../keys/unlock.ts";
import { saveFile } from "../../records/save-file.ts";
import { PassphraseInput } from "../../ui/passphrase-input.tsx";
import { Note } from "../../ui/surface.tsx";
import styles from "./settings.module.css";
import { settingsTexts } from "./settings-texts.ts";

/** A copy of the keys for another device. The words are unlocked anew: an open tab alone does not give them away. */
export function KeyFileForm() {
  const t = useTexts(settingsTexts);
  const { saved } = usePerson();
  const [own, setOwn] = useState("");
  const [forFile, setForFile] = useState("");
  const saving = useMutation({
    async mutationFn() {
      const words = await wordsOf(saved, own);
      saveFile("galen-keys.json", await sealWordsFile(fileOf(saved, words), forFile), "application/json");
    },
  });
  return (
    <form
      className={styles.form}
      onSubmit={(event) => {
        event.preventDefault();
        saving.mutate();
      }}
    >
      <p className={styles.text}>{t("keyFileText")}</p>
      {saved.lock.kind === "passphrase" && (
        <PassphraseInput
          label={t("passphrase")}
          description={t("passphraseText")}
          autoComplete="current-password"
          required
          value={own}
          onChange={(event) => setOwn(event.currentTarget.value)}
        />
      )}
      <PassphraseInput
        label={t("keyFilePassphrase")}
        autoComplete="new-password"
        minLength={MIN_PASSPHRASE_LENGTH}
        required
        value={forFile}
        onChange={(event) => setForFile(event.currentTarget.value)}
      />
      {saving.error && <Note tone="bad">{describeFailure(saving.error).text}</Note>}
      {saving.isSuccess && <Note tone="good">{t("keyFileSaved")}</Note>}
      <Button type="submit" variant="light" loading={saving.isPending}>
        {t("keyFile")}
      </Button>
    </form>
  );
}

/** An account that guardians have given other keys does not follow from the words: the file names it. */
function fileOf({ name, kind, account, givenKeys }: SavedPerson, words: string): WordsFile {
  return { words, name, kind, ...(givenKeys && { account }) };
}
