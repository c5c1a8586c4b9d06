import { accountsOfKeys, type OpenedAccount, openedAccount } from "@galen/sdk/accounts/accounts-of-keys";
import { KeyError } from "@galen/sdk/keys/key-error";
import { seedFromWords } from "@galen/sdk/keys/seed";
import { Button, Checkbox, Textarea, TextInput } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { describeFailure } from "../../frame/failure.ts";
import { useTexts } from "../../frame/texts.ts";
import type { NewWallet } from "../../keys/add-wallet.ts";
import { accountOfWords } from "../../keys/person.ts";
import { requireNetwork } from "../../network/network.tsx";
import { Note } from "../../ui/surface.tsx";
import styles from "./start.module.css";
import { walletTexts } from "./wallet-texts.ts";

interface FormProps {
  /** Several wallets differ in their account. */
  readonly onFound: (wallets: readonly NewWallet[]) => void;
}

/** Finds what words open. Where the node names nothing, the owner decides: it may hide an account that guardians have given the keys. */
export function WordsForm({ onFound }: FormProps) {
  const t = useTexts(walletTexts);
  const [name, setName] = useState("");
  const [words, setWords] = useState("");
  const [number, setNumber] = useState<string>();
  const wallet: NewWallet = { words: normalised(words), name: name.trim(), kind: "person" };
  const { mutate, reset, error, data, isPending } = useSeeking();
  function seek(): void {
    // Not heard any more once something else was typed.
    const onSuccess = (accounts: readonly OpenedAccount[]) =>
      accounts.length > 0 && onFound(accounts.map((account) => ({ ...wallet, ...account })));
    mutate({ words: wallet.words, number }, { onSuccess });
  }
  const isNone = data?.length === 0;
  const isUnproven = isNone && number === undefined;
  return (
    <form
      className={styles.form}
      onChange={reset}
      onSubmit={(event) => {
        event.preventDefault();
        seek();
      }}
    >
      <TextInput label={t("name")} maxLength={80} required value={name} onChange={(event) => setName(event.currentTarget.value)} />
      <WordsField value={words} onChange={setWords} error={error instanceof KeyError ? describeFailure(error).text : undefined} />
      {isUnproven && <Note tone="warn">{t("noneText")}</Note>}
      <NumberField value={number} onChange={setNumber} error={isNone ? t("numberOther") : undefined} />
      {error && !(error instanceof KeyError) && <Note tone="bad">{describeFailure(error).text}</Note>}
      <Button type="submit" size="lg" loading={isPending}>
        {isUnproven ? t("askAgain") : t("next")}
      </Button>
      {isUnproven && (
        <Button size="lg" variant="default" onClick={() => onFound([wallet])}>
          {t("goOnNew")}
        </Button>
      )}
    </form>
  );
}

interface FieldProps<Value> {
  readonly value: Value;
  readonly onChange: (value: Value) => void;
  readonly error: string | undefined;
}

function WordsField({ value, onChange, error }: FieldProps<string>) {
  const t = useTexts(walletTexts);
  return (
    <Textarea
      label={t("words")}
      description={t("wordsHint")}
      rows={4}
      required
      autoComplete="off"
      autoCapitalize="none"
      spellCheck={false}
      lang="en"
      value={value}
      onChange={(event) => onChange(event.currentTarget.value)}
      error={error}
    />
  );
}

/** Of an account, as somebody may type or paste it: 64 digits of base 16. */
const NUMBER = "\\s*([0-9a-fA-F]\\s*){64}";

/** Undefined for an owner who does not know it. */
function NumberField({ value, onChange, error }: FieldProps<string | undefined>) {
  const t = useTexts(walletTexts);
  return (
    <>
      <Checkbox
        label={t("knowsNumber")}
        checked={value !== undefined}
        onChange={(event) => onChange(event.currentTarget.checked ? "" : undefined)}
      />
      {value !== undefined && (
        <TextInput
          label={t("number")}
          description={t("numberHint")}
          required
          autoComplete="off"
          autoCapitalize="none"
          spellCheck={false}
          pattern={NUMBER}
          value={value}
          onChange={(event) => onChange(event.currentTarget.value)}
          error={error}
        />
      )}
    </>
  );
}

const normalised = (words: string) => words.trim().toLowerCase().split(/\s+/).join(" ");

interface Sought {
  readonly words: string;
  /** Of the account, where the owner knows it: the node is not asked then which there are. */
  readonly number: string | undefined;
}

/** Checks words, and asks the ledger which accounts they open; none for words whose account was never on it, or which the node hides. */
function useSeeking() {
  return useMutation({
    async mutationFn({ words, number }: Sought): Promise<readonly OpenedAccount[]> {
      await seedFromWords(words);
      const { client } = await requireNetwork();
      const own = await accountOfWords(words, "person");
      if (number === undefined) return accountsOfKeys(client, own);
      const account = number.replaceAll(/\s/g, "").toLowerCase();
      const opened = await openedAccount(client, { account, keys: own.keys });
      return opened ? [opened] : [];
    },
  });
}
