import { Button } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { lazy } from "react";
import { useTexts } from "../../frame/texts.ts";
import { type SavedPerson, savedPeople } from "../../keys/people-store.ts";
import { Sheet } from "../../ui/sheet.tsx";
import { Avatar, Section } from "../../ui/surface.tsx";
import styles from "./start.module.css";
import { startTexts } from "./texts.ts";

const UnlockForm = lazy(async () => ({ default: (await import("./unlock-form.tsx")).UnlockForm }));
const ForgetForm = lazy(async () => ({ default: (await import("./forget-form.tsx")).ForgetForm }));

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
      {person.isRecovering ? (
        <Button component={Link} to={`/keys/recover/${person.account}`} variant="light">
          {t("goOn")}
        </Button>
      ) : (
        <Button variant="light" onClick={unlocking.open}>
          {t("unlock")}
        </Button>
      )}
      <Sheet opened={isUnlocking} onClose={unlocking.close} title={t("lockedTitle", { name: person.name })}>
        <UnlockForm person={person} />
      </Sheet>
      <Sheet opened={isForgetting} onClose={forgetting.close} title={t("forgetQuestion", { name: person.name })}>
        <ForgetForm person={person} onDone={forgetting.close} />
      </Sheet>
    </li>
  );
}
