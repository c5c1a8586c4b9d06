import { Button } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { useEffect, useRef, useState } from "react";
import { useDeskOf } from "../../frame/desks.ts";
import { describeFailure } from "../../frame/failure.ts";
import { useTexts } from "../../frame/texts.ts";
import type { SavedPerson } from "../../keys/people-store.ts";
import { unlock } from "../../keys/unlock.ts";
import { PassphraseInput } from "../../ui/passphrase-input.tsx";
import styles from "./start.module.css";
import { startTexts } from "./texts.ts";

/** Opens a wallet of this browser by its passphrase or passkey. */
export function UnlockForm({ person }: { readonly person: SavedPerson }) {
  const t = useTexts(startTexts);
  const navigate = useNavigate();
  const deskOf = useDeskOf();
  const { next } = useSearch({ strict: false }) as { readonly next?: string };
  const [passphrase, setPassphrase] = useState("");
  const attempt = useRef<AbortController>(undefined);
  // Who closes the form goes away, perhaps before a slow passphrase has opened.
  useEffect(() => () => attempt.current?.abort(), []);
  const opening = useMutation({
    mutationFn() {
      attempt.current = new AbortController();
      return unlock(person, passphrase, attempt.current.signal);
    },
    // A link that led here may carry something behind its hash.
    onSuccess: () => navigate(next === undefined ? { to: deskOf(person.part).home } : { to: next, hash: location.hash.slice(1) }),
  });
  const isPasskey = person.lock.kind === "passkey";
  return (
    <form
      className={styles.form}
      onSubmit={(event) => {
        event.preventDefault();
        opening.mutate();
      }}
    >
      {!isPasskey && (
        <PassphraseInput
          label={t("passphraseFor", { name: person.name })}
          description={t("opening")}
          autoComplete="current-password"
          data-autofocus
          required
          value={passphrase}
          onChange={(event) => setPassphrase(event.currentTarget.value)}
          error={opening.error ? describeFailure(opening.error).text : undefined}
        />
      )}
      {isPasskey && opening.error && <p role="alert">{describeFailure(opening.error).text}</p>}
      <Button type="submit" size="lg" loading={opening.isPending}>
        {t(isPasskey ? "withPasskey" : "unlock")}
      </Button>
    </form>
  );
}
