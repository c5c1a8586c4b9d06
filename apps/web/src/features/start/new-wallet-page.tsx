import { webRandom } from "@galen/sdk/keys/random";
import { createSeedWords } from "@galen/sdk/keys/seed";
import { Button, TextInput } from "@mantine/core";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { useTexts } from "../../frame/texts.ts";
import { Card, PageHeader } from "../../ui/surface.tsx";
import { LockForm } from "./lock-form.tsx";
import styles from "./start.module.css";
import { walletTexts } from "./wallet-texts.ts";
import { WordsStep } from "./words-step.tsx";

/** A new wallet in three steps: a name, the words on paper, a lock. */
export function Page() {
  const t = useTexts(walletTexts);
  const navigate = useNavigate();
  const [name, setName] = useState("");
  const [step, setStep] = useState<"name" | "words" | "lock">("name");
  const [words] = useState(() => createSeedWords(webRandom));
  return (
    <>
      <PageHeader title={t("newTitle")} lead={t("newLead")} />
      <Card className={styles.sheet}>
        {step === "name" && <NameStep name={name} onChange={setName} onDone={() => setStep("words")} />}
        {step === "words" && <WordsStep words={words} onDone={() => setStep("lock")} />}
        {step === "lock" && <LockForm wallet={{ words, name: name.trim(), kind: "person" }} onDone={() => navigate({ to: "/wallet" })} />}
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
