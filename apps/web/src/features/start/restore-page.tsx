import { accountsOfKeys, type OpenedAccount } from "@galen/sdk/accounts/accounts-of-keys";
import { KeyError } from "@galen/sdk/keys/key-error";
import { seedFromWords } from "@galen/sdk/keys/seed";
import { openWordsFile } from "@galen/sdk/keys/words-file";
import { Button, FileButton, Radio, Textarea, TextInput } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { describeFailure } from "../../frame/failure.ts";
import { useTexts } from "../../frame/texts.ts";
import type { NewWallet } from "../../keys/add-wallet.ts";
import { accountOfWords } from "../../keys/person.ts";
import { useRequireNetwork } from "../../network/network.tsx";
import { Choices } from "../../ui/choices.tsx";
import { PassphraseInput } from "../../ui/passphrase-input.tsx";
import { Card, Mono, Note, PageHeader } from "../../ui/surface.tsx";
import { LockForm } from "./lock-form.tsx";
import styles from "./start.module.css";
import { walletTexts } from "./wallet-texts.ts";

/** Brings a wallet into this browser, from its words or from the key file of another device. */
export function Page() {
  const t = useTexts(walletTexts);
  const navigate = useNavigate();
  const [way, setWay] = useState<"words" | "file" | "guardians">("words");
  const [found, setFound] = useState<readonly NewWallet[]>([]);
  const [wallet, ...others] = found;
  return (
    <>
      <PageHeader title={t("restoreTitle")} lead={t("restoreLead")} />
      <Card className={styles.sheet}>
        {wallet && others.length === 0 && <LockForm wallet={wallet} onDone={() => navigate({ to: "/wallet" })} />}
        {others.length > 0 && <OneOfSeveral wallets={found} onChosen={(chosen) => setFound([chosen])} />}
        {!wallet && (
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
            {way === "words" && <WordsForm onFound={setFound} />}
            {way === "file" && <FileForm onFound={setFound} />}
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
  /** Several wallets differ in their account. */
  readonly onFound: (wallets: readonly NewWallet[]) => void;
}

function WordsForm({ onFound }: FoundProps) {
  const t = useTexts(walletTexts);
  const [name, setName] = useState("");
  const [words, setWords] = useState("");
  const seeking = useSeeking((accounts) => {
    const wallet: NewWallet = { words: normalised(words), name: name.trim(), kind: "person" };
    onFound(accounts.length === 0 ? [wallet] : accounts.map((account) => ({ ...wallet, ...account })));
  });
  const { error } = seeking;
  return (
    <form
      className={styles.form}
      onSubmit={(event) => {
        event.preventDefault();
        seeking.mutate(normalised(words));
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
        error={error instanceof KeyError ? describeFailure(error).text : undefined}
      />
      {error && !(error instanceof KeyError) && <Note tone="bad">{describeFailure(error).text}</Note>}
      <Button type="submit" size="lg" loading={seeking.isPending}>
        {t("next")}
      </Button>
    </form>
  );
}

const normalised = (words: string) => words.trim().toLowerCase().split(/\s+/).join(" ");

/** Checks words, and asks the ledger which accounts they open; none for words whose account was never on it. */
function useSeeking(onSuccess: (accounts: readonly OpenedAccount[]) => void) {
  const requireNetwork = useRequireNetwork();
  return useMutation({
    async mutationFn(words: string) {
      await seedFromWords(words);
      const { client } = requireNetwork();
      return accountsOfKeys(client, await accountOfWords(words, "person"));
    },
    onSuccess,
  });
}

interface SeveralProps {
  readonly wallets: readonly NewWallet[];
  readonly onChosen: (wallet: NewWallet) => void;
}

/** Anybody may give an account of theirs the keys of somebody else, so the owner must say which one is meant. */
function OneOfSeveral({ wallets, onChosen }: SeveralProps) {
  const t = useTexts(walletTexts);
  const [chosen, setChosen] = useState<string>();
  const wallet = wallets.find(({ account }) => account === chosen);
  return (
    <form
      className={styles.form}
      onSubmit={(event) => {
        event.preventDefault();
        if (wallet) onChosen(wallet);
      }}
    >
      <Note tone="warn">{t("severalText")}</Note>
      <Radio.Group label={t("several")} value={chosen ?? null} onChange={setChosen}>
        {wallets.map(({ account }) => (
          <Radio key={account} size="md" mt="sm" value={account} label={<Mono>{account}</Mono>} />
        ))}
      </Radio.Group>
      <Button type="submit" size="lg" disabled={!wallet}>
        {t("next")}
      </Button>
    </form>
  );
}

function FileForm({ onFound }: FoundProps) {
  const t = useTexts(walletTexts);
  const [file, setFile] = useState<File | null>(null);
  const [passphrase, setPassphrase] = useState("");
  const opening = useMutation({ mutationFn: async () => [await openWordsFile(await file!.text(), passphrase)], onSuccess: onFound });
  return (
    <form
      className={styles.form}
      onSubmit={(event) => {
        event.preventDefault();
        opening.mutate();
      }}
    >
      <FileButton
        onChange={setFile}
        accept="application/json,.json"
        // Chosen again, the same file is read again.
        inputProps={{ onClick: ({ currentTarget }) => Object.assign(currentTarget, { value: "" }) }}
      >
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
