import { Button, PasswordInput } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Link, useNavigate, useSearch } from "@tanstack/react-router";
import { useState } from "react";
import { useDeskOf } from "../../frame/desks.ts";
import { describeFailure } from "../../frame/failure.ts";
import { useTexts } from "../../frame/texts.ts";
import { forgetPerson, type SavedPerson, savedPeople } from "../../keys/people-store.ts";
import { leave } from "../../keys/person.ts";
import { unlock } from "../../keys/unlock.ts";
import { forgetDocuments } from "../../records/kept-documents.ts";
import { Sheet } from "../../ui/sheet.tsx";
import { Avatar, Section } from "../../ui/surface.tsx";
import styles from "./start.module.css";
import { startTexts } from "./texts.ts";

/** The wallets that this browser keeps, and the ways to one. */
export function OwnKeys() {
  const t = useTexts(startTexts);
  const { data: people = [] } = useQuery({ queryKey: ["people"], queryFn: savedPeople });
  const own = people.filter(({ lock }) => lock.kind !== "town");
  return (
    <Section title={t("ownTitle")}>
      <p style={{ margin: "0 0 1rem", color: "var(--ink-soft)" }}>{t("ownLead")}</p>
      {own.length > 0 && (
        <ul className={styles.people}>
          {own.map((person) => (
            <KeptPerson key={person.account} person={person} />
          ))}
        </ul>
      )}
      <div className={styles.own}>
        <Button component={Link} to="/keys/new">
          {t("newWallet")}
        </Button>
        <Button component={Link} to="/keys/restore" variant="default">
          {t("restore")}
        </Button>
      </div>
    </Section>
  );
}

function KeptPerson({ person }: { readonly person: SavedPerson }) {
  const t = useTexts(startTexts);
  const [isUnlocking, unlocking] = useDisclosure();
  const [isForgetting, forgetting] = useDisclosure();
  return (
    <li className={styles.person}>
      <Avatar name={person.name} />
      <span className={styles.personName}>{person.name}</span>
      <Button variant="subtle" color="gray" onClick={forgetting.open}>
        {t("forget")}
      </Button>
      <Button variant="light" onClick={unlocking.open}>
        {t("unlock")}
      </Button>
      <Sheet opened={isUnlocking} onClose={unlocking.close} title={t("lockedTitle", { name: person.name })}>
        <UnlockForm person={person} />
      </Sheet>
      <Sheet opened={isForgetting} onClose={forgetting.close} title={t("forgetQuestion", { name: person.name })}>
        <ForgetForm person={person} onDone={forgetting.close} />
      </Sheet>
    </li>
  );
}

function UnlockForm({ person }: { readonly person: SavedPerson }) {
  const t = useTexts(startTexts);
  const navigate = useNavigate();
  const deskOf = useDeskOf();
  const { next } = useSearch({ strict: false }) as { readonly next?: string };
  const [passphrase, setPassphrase] = useState("");
  const opening = useMutation({
    mutationFn: () => unlock(person, passphrase),
    onSuccess: () => navigate({ to: next ?? deskOf(person.part).home }),
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
        <PasswordInput
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

function ForgetForm({ person, onDone }: { readonly person: SavedPerson; readonly onDone: () => void }) {
  const t = useTexts(startTexts);
  const queries = useQueryClient();
  const forgetting = useMutation({
    async mutationFn() {
      await forgetDocuments(person.account);
      await forgetPerson(person.account);
    },
    async onSuccess() {
      leave();
      await queries.invalidateQueries({ queryKey: ["people"] });
      onDone();
    },
  });
  return (
    <div className={styles.form}>
      <p style={{ margin: 0 }}>{t("forgetText")}</p>
      <div className={styles.own}>
        <Button color="rust" onClick={() => forgetting.mutate()} loading={forgetting.isPending}>
          {t("forget")}
        </Button>
        <Button variant="default" onClick={onDone}>
          {t("cancel")}
        </Button>
      </div>
    </div>
  );
}
