import { MIN_PASSPHRASE_LENGTH } from "@galen/sdk/keys/key-file";
import { Button } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { describeFailure } from "../../frame/failure.ts";
import { useTexts } from "../../frame/texts.ts";
import { addWallet, type NewWallet, WalletKeptError } from "../../keys/add-wallet.ts";
import { canUsePasskeys } from "../../keys/passkey.ts";
import { requireNetwork } from "../../network/network.tsx";
import { PassphraseInput } from "../../ui/passphrase-input.tsx";
import { Note } from "../../ui/surface.tsx";
import styles from "./start.module.css";
import { walletTexts } from "./wallet-texts.ts";

interface LockFormProps {
  readonly wallet: NewWallet;
  /** Whether guardians have yet to give the account these keys: the wallet is kept, and opened later. */
  readonly isRecovering?: boolean;
  readonly onDone: () => Promise<void>;
}

/** Locks a wallet in this browser, by passphrase or passkey, and opens it. */
export function LockForm({ wallet, isRecovering = false, onDone }: LockFormProps) {
  const t = useTexts(walletTexts);
  const [passphrase, setPassphrase] = useState("");
  const [again, setAgain] = useState("");
  const adding = useAddWallet({ wallet, isRecovering, onDone });
  const isShort = passphrase.length < MIN_PASSPHRASE_LENGTH;
  return (
    <form
      className={styles.form}
      onSubmit={(event) => {
        event.preventDefault();
        adding.mutate({ kind: "passphrase", passphrase });
      }}
    >
      <p>{t("lockText")}</p>
      {adding.error && <Note tone="bad">{adding.error instanceof WalletKeptError ? t("kept") : describeFailure(adding.error).text}</Note>}
      <PassphraseInput
        label={t("passphrase")}
        description={t("passphraseHint", { count: MIN_PASSPHRASE_LENGTH })}
        autoComplete="new-password"
        required
        value={passphrase}
        onChange={(event) => setPassphrase(event.currentTarget.value)}
      />
      <PassphraseInput
        label={t("passphraseAgain")}
        autoComplete="new-password"
        required
        value={again}
        onChange={(event) => setAgain(event.currentTarget.value)}
        error={again !== "" && again !== passphrase ? t("passphraseDiffers") : undefined}
      />
      <Button type="submit" size="lg" disabled={isShort || again !== passphrase} loading={adding.isPending}>
        {t("lockWithPassphrase")}
      </Button>
      {canUsePasskeys() && (
        <Button variant="default" size="lg" disabled={adding.isPending} onClick={() => adding.mutate({ kind: "passkey" })}>
          {t("lockWithPasskey")}
        </Button>
      )}
    </form>
  );
}

type Lock = { readonly kind: "passphrase"; readonly passphrase: string } | { readonly kind: "passkey" };

function useAddWallet({ wallet, isRecovering, onDone }: Required<LockFormProps>) {
  const queries = useQueryClient();
  const look = () => queries.invalidateQueries({ queryKey: ["people"] });
  return useMutation({
    async mutationFn(lock: Lock) {
      const { client } = await requireNetwork();
      await addWallet(client, { wallet, lock, isRecovering });
    },
    async onSuccess() {
      await look();
      await onDone();
    },
    // The wallet may be kept although the ledger has not heard of it.
    onError: look,
  });
}
