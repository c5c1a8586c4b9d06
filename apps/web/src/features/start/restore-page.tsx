import { openWordsFile } from "@galen/sdk/keys/words-file";
import { Button, FileButton, Radio } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { describeFailure } from "../../frame/failure.ts";
import { useTexts } from "../../frame/texts.ts";
import type { NewWallet } from "../../keys/add-wallet.ts";
import { Choices } from "../../ui/choices.tsx";
import { PassphraseInput } from "../../ui/passphrase-input.tsx";
import { Card, Mono, Note, PageHeader } from "../../ui/surface.tsx";
import { LockForm } from "./lock-form.tsx";
import styles from "./start.module.css";
import { walletTexts } from "./wallet-texts.ts";
import { WordsForm } from "./words-form.tsx";

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

function FileForm({ onFound }: { readonly onFound: (wallets: readonly NewWallet[]) => void }) {
  const t = useTexts(walletTexts);
  const [file, setFile] = useState<File | null>(null);
  const [passphrase, setPassphrase] = useState("");
  const opening = useMutation({ mutationFn: async () => [await openWordsFile(await file!.text(), passphrase)] });
  return (
    <form
      className={styles.form}
      onChange={opening.reset}
      onSubmit={(event) => {
        event.preventDefault();
        // Not heard any more once another file was chosen.
        opening.mutate(undefined, { onSuccess: onFound });
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
