import { webRandom } from "@galen/sdk/keys/random";
import { createSeedWords } from "@galen/sdk/keys/seed";
import { Button, Checkbox, TextInput } from "@mantine/core";
import { useState } from "react";
import { useTexts } from "../../frame/texts.ts";
import { Card, Note, PageHeader } from "../../ui/surface.tsx";
import { LockForm } from "./lock-form.tsx";
import styles from "./start.module.css";
import { walletTexts } from "./wallet-texts.ts";

/** A new wallet in three steps: a name, the words on paper, a lock. */
export function Page() {
  const t = useTexts(walletTexts);
  const [name, setName] = useState("");
  const [step, setStep] = useState<"name" | "words" | "lock">("name");
  const [words] = useState(() => createSeedWords(webRandom));
  return (
    <>
      <PageHeader title={t("newTitle")} lead={t("newLead")} />
      <Card>
        {step === "name" && <NameStep name={name} onChange={setName} onDone={() => setStep("words")} />}
        {step === "words" && <WordsStep words={words} onDone={() => setStep("lock")} />}
        {step === "lock" && <LockForm wallet={{ words, name: name.trim(), kind: "person" }} isNew />}
      </Card>
    </>
  );
}

interface NameStepProps {
  readonly name: string;
  readonly onChange: (name: string) => void;
  readonly onDone: () => void;
}

function NameStep({ name, onChange, onDone }: NameStepProps) {
  const t = useTexts(walletTexts);
  return (
    <form
      className={styles.form}
      onSubmit={(event) => {
        event.preventDefault();
        onDone();
      }}
    >
      <TextInput
        label={t("name")}
        description={t("nameHint")}
        maxLength={80}
        required
        autoComplete="name"
        value={name}
        onChange={(event) => onChange(event.currentTarget.value)}
      />
      <Button type="submit" size="lg" disabled={name.trim() === ""}>
        {t("next")}
      </Button>
    </form>
  );
}

function WordsStep({ words, onDone }: { readonly words: string; readonly onDone: () => void }) {
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
