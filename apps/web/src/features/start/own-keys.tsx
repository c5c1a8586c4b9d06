import { Button } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { lazy } from "react";
import { useTexts } from "../../frame/texts.ts";
import { type SavedPerson, savedPeople } from "../../keys/people-store.ts";
import { Sheet } from "../../ui/sheet.tsx";
import { Actions, Avatar, Section } from "../../ui/surface.tsx";
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
      <p className={styles.lead}>{t("ownLead")}</p>
      {own.length > 0 && (
        <ul className={styles.people}>
          {own.map((person) => (
            <KeptPerson key={person.account} person={person} />
          ))}
        </ul>
      )}
      <Actions>
        <Button component={Link} to="/keys/new">
          {t("newWallet")}
        </Button>
        <Button component={Link} to="/keys/restore" variant="default">
          {t("restore")}
        </Button>
      </Actions>
    </Section>
  );
}

function KeptPerson({ person }: { readonly person: SavedPerson }) {
  const t = useTexts(startTexts);
  const [isUnlocking, unlocking] = useDisclosure();
  const [isForgetting, forgetting] = useDisclosure();
  return (
    <li className={styles.person}>
      <strong className={styles.name}>
        <Avatar name={person.name} />
        {person.name}
      </strong>
      <Actions>
        {person.isRecovering ? (
          <Button component={Link} to={`/keys/recover/${person.account}`}>
            {t("goOn")}
          </Button>
        ) : (
          <Button onClick={unlocking.open}>{t("unlock")}</Button>
        )}
        <Button variant="default" onClick={forgetting.open}>
          {t("forget")}
        </Button>
      </Actions>
      <Sheet opened={isUnlocking} onClose={unlocking.close} title={t("lockedTitle", { name: person.name })}>
        <UnlockForm person={person} />
      </Sheet>
      <Sheet opened={isForgetting} onClose={forgetting.close} title={t("forgetQuestion", { name: person.name })}>
        <ForgetForm person={person} onDone={forgetting.close} />
      </Sheet>
    </li>
  );
}
