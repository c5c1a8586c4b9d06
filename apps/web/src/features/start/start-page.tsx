import { IconChevronRight, IconSearch, IconShieldCheck } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { useTexts } from "../../frame/texts.ts";
import { savedPeople } from "../../keys/people-store.ts";
import { townQuery } from "../../keys/sample-town.ts";
import { Loading } from "../../ui/state.tsx";
import { PageHeader } from "../../ui/surface.tsx";
import { OwnKeys } from "./own-keys.tsx";
import styles from "./start.module.css";
import { startTexts } from "./texts.ts";
import { TownRoles } from "./town-roles.tsx";

/** Where everybody begins. */
export function Page() {
  const t = useTexts(startTexts);
  const { data: town, isLoading } = useQuery(townQuery);
  const { data: people = [] } = useQuery({ queryKey: ["people"], queryFn: savedPeople });
  // Who keeps a wallet here comes for it, not for the town.
  const hasOwn = people.some(({ lock }) => lock.kind !== "town");
  return (
    <>
      <PageHeader title={t("title")} lead={t("lead")} />
      {hasOwn && <OwnKeys />}
      {isLoading && <Loading>{t("townLoading")}</Loading>}
      {town && <TownRoles people={town.people} />}
      {!hasOwn && <OwnKeys />}
      <section className={styles.doors}>
        <Door to="/check" icon={<IconShieldCheck size={26} />} title={t("checkTitle")} text={t("checkText")} />
        <Door to="/explorer" icon={<IconSearch size={26} />} title={t("explorerTitle")} text={t("explorerText")} />
      </section>
    </>
  );
}

interface DoorProps {
  readonly to: string;
  readonly icon: ReactNode;
  readonly title: string;
  readonly text: string;
}

function Door({ to, icon, title, text }: DoorProps) {
  return (
    <Link className={styles.door} to={to}>
      <span className={styles.doorIcon} aria-hidden="true">
        {icon}
      </span>
      <span>
        <strong className={styles.doorTitle}>{title}</strong>
        <span className={styles.doorText}>{text}</span>
      </span>
      <IconChevronRight className={styles.arrow} size={22} aria-hidden="true" />
    </Link>
  );
}
