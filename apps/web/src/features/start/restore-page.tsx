import { seedFromWords } from "@galen/sdk/keys/seed";
import { openWordsFile } from "@galen/sdk/keys/words-file";
import { Button, FileButton, Textarea, TextInput } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { describeFailure } from "../../frame/failure.ts";
import { useTexts } from "../../frame/texts.ts";
import type { NewWallet } from "../../keys/add-wallet.ts";
import { Choices } from "../../ui/choices.tsx";
import { PassphraseInput } from "../../ui/passphrase-input.tsx";
import { Card, Note, PageHeader } from "../../ui/surface.tsx";
import { LockForm } from "./lock-form.tsx";
import styles from "./start.module.css";
import { walletTexts } from "./wallet-texts.ts";

/** Brings a wallet into this browser, from its words or from the key file of another device. */
export function Page() {
  const t = useTexts(walletTexts);
  const navigate = useNavigate();
  const [way, setWay] = useState<"words" | "file" | "guardians">("words");
  const [wallet, setWallet] = useState<NewWallet>();
  return (
    <>
      <PageHeader title={t("restoreTitle")} lead={t("restoreLead")} />
      <Card className={styles.sheet}>
        {wallet ? (
          <LockForm wallet={wallet} onDone={() => navigate({ to: "/wallet" })} />
        ) : (
          <div className={styles.form}>
            <Choices
              label={t("restoreTitle")}
              value={way}
              onChange={setWay}
              choices={[
                { value: "words", label: t("byWords") },
                { value: "file", label: t("byFile") },
                { value: "guardians", label: t("byGuardians") },
              ]}
            />
            {way === "words" && <WordsForm onFound={setWallet} />}
            {way === "file" && <FileForm onFound={setWallet} />}
            {way === "guardians" && <GuardiansWay />}
          </div>
        )}
      </Card>
    </>
  );
}

function GuardiansWay() {
  const t = useTexts(walletTexts);
  return (
    <>
      <p>{t("byGuardiansText")}</p>
      <Button component={Link} to="/keys/recover" size="lg">
        {t("next")}
      </Button>
    </>
  );
}

interface FoundProps {
  readonly onFound: (wallet: NewWallet) => void;
}

function WordsForm({ onFound }: FoundProps) {
  const t = useTexts(walletTexts);
  const [name, setName] = useState("");
  const [words, setWords] = useState("");
  const [account, setAccount] = useState("");
  const checking = useMutation({
    mutationFn: () => seedFromWords(words),
    onSuccess: () => {
      const normal = words.trim().toLowerCase().split(/\s+/).join(" ");
      onFound({ words: normal, name: name.trim(), kind: "person", ...(account !== "" && { account }) });
    },
  });
  return (
    <form
      className={styles.form}
      onSubmit={(event) => {
        event.preventDefault();
        checking.mutate();
      }}
    >
      <TextInput label={t("name")} maxLength={80} required value={name} onChange={(event) => setName(event.currentTarget.value)} />
      <Textarea
        label={t("words")}
        description={t("wordsHint")}
        rows={4}
        required
        autoComplete="off"
        autoCapitalize="none"
        spellCheck={false}
        lang="en"
        value={words}
        onChange={(event) => setWords(event.currentTarget.value)}
        error={checking.error ? describeFailure(checking.error).text : undefined}
      />
      <GivenAccountField value={account} onChange={setAccount} />
      <Button type="submit" size="lg" disabled={!isGivenAccount(account)} loading={checking.isPending}>
        {t("next")}
      </Button>
    </form>
  );
}

/** Empty for everybody whose account follows from the words. */
const isGivenAccount = (account: string) => account === "" || /^[0-9a-f]{64}$/.test(account);

function GivenAccountField({ value, onChange }: { readonly value: string; readonly onChange: (account: string) => void }) {
  const t = useTexts(walletTexts);
  return (
    <TextInput
      label={t("givenAccount")}
      description={t("givenAccountHint")}
      autoComplete="off"
      spellCheck={false}
      value={value}
      onChange={(event) => onChange(event.currentTarget.value.trim())}
      error={isGivenAccount(value) ? undefined : t("noAccount")}
    />
  );
}

function FileForm({ onFound }: FoundProps) {
  const t = useTexts(walletTexts);
  const [file, setFile] = useState<File | null>(null);
  const [passphrase, setPassphrase] = useState("");
  const opening = useMutation({ mutationFn: async () => openWordsFile(await file!.text(), passphrase), onSuccess: onFound });
  return (
    <form
      className={styles.form}
      onSubmit={(event) => {
        event.preventDefault();
        opening.mutate();
      }}
    >
      <FileButton onChange={setFile} accept="application/json,.json">
        {(props) => (
          <Button variant="default" size="lg" {...props}>
            {file?.name ?? t("chooseFile")}
          </Button>
        )}
      </FileButton>
      <PassphraseInput
        label={t("filePassphrase")}
        autoComplete="off"
        required
        value={passphrase}
        onChange={(event) => setPassphrase(event.currentTarget.value)}
      />
      {opening.error && <Note tone="bad">{describeFailure(opening.error).text}</Note>}
      <Button type="submit" size="lg" disabled={file === null} loading={opening.isPending}>
        {t("next")}
      </Button>
    </form>
  );
}
