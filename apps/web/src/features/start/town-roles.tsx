import { IconBuildingHospital, IconEye, IconHeartbeat, IconServer, IconStethoscope, IconUsers } from "@tabler/icons-react";
import { Link, useNavigate } from "@tanstack/react-router";
import { type ComponentType, lazy, type ReactNode, Suspense, useState } from "react";
import { useDeskOf } from "../../frame/desks.ts";
import { useTexts } from "../../frame/texts.ts";
import { type SavedPerson, savePerson } from "../../keys/people-store.ts";
import { enter } from "../../keys/person.ts";
import type { TownPerson } from "../../keys/sample-town.ts";
import { Failure } from "../../ui/state.tsx";
import { Section } from "../../ui/surface.tsx";
import styles from "./start.module.css";
import { startTexts } from "./texts.ts";

/** Most take one of the parts above it. */
const SomebodyElse = lazy(async () => ({ default: (await import("./somebody-else.tsx")).SomebodyElse }));

type Role = "patient" | "parent" | "clinician" | "hospital" | "auditor";
type Icon = ComponentType<{ readonly size?: number }>;

const roles: readonly (readonly [Role, Icon])[] = [
  ["patient", IconHeartbeat],
  ["parent", IconUsers],
  ["clinician", IconStethoscope],
  ["hospital", IconBuildingHospital],
  ["auditor", IconEye],
];

/** One person for each part, to be entered by a press; the whole town below. */
export function TownRoles({ people }: { readonly people: readonly TownPerson[] }) {
  const t = useTexts(startTexts);
  const [error, setError] = useState<unknown>();
  const takePlace = useTakePlace(setError);
  return (
    <Section title={t("townTitle")}>
      <p className={styles.lead}>{t("townLead")}</p>
      {error !== undefined && <Failure error={error} />}
      <ul className={styles.roles}>
        {roles.map(([role, Icon]) => {
          const person = people.find(({ part }) => part === role);
          return person && <RoleCard key={role} role={role} icon={<Icon size={26} />} person={person} onTake={takePlace} />;
        })}
        <li>
          <Link className={styles.role} to="/explorer/operator">
            <RoleWords icon={<IconServer size={26} />} part="operator" action={t("openOperator")} />
          </Link>
        </li>
      </ul>
      <div className={styles.somebody}>
        <Suspense>
          <SomebodyElse people={people} onTake={takePlace} />
        </Suspense>
      </div>
    </Section>
  );
}

interface RoleCardProps {
  readonly role: Role;
  readonly icon: ReactNode;
  readonly person: TownPerson;
  readonly onTake: (person: TownPerson) => void;
}

function RoleCard({ role, icon, person, onTake }: RoleCardProps) {
  const t = useTexts(startTexts);
  return (
    <li>
      <button type="button" className={styles.role} onClick={() => onTake(person)}>
        <RoleWords icon={icon} part={role} action={t("takePlace", { name: person.name })} />
      </button>
    </li>
  );
}

function RoleWords({ icon, part, action }: { readonly icon: ReactNode; readonly part: Role | "operator"; readonly action: string }) {
  const t = useTexts(startTexts);
  return (
    <>
      <span className={styles.roleIcon} aria-hidden="true">
        {icon}
      </span>
      <span>
        <span className={styles.roleTitle}>{t(`role.${part}`)}</span>
        <span className={styles.roleText}>{t(`role.${part}.text`)}</span>
        <span className={styles.roleName}>{action}</span>
      </span>
    </>
  );
}

/** Becomes somebody of the town and goes to the desk where that person is at home. */
function useTakePlace(onFailure: (error: unknown) => void): (person: TownPerson) => void {
  const navigate = useNavigate();
  const deskOf = useDeskOf();
  return (person) => {
    const { words, ...known } = person;
    const saved: SavedPerson = { ...known, lock: { kind: "town", words }, createdAt: Date.now() };
    void savePerson(saved)
      .then(() => enter(saved, words))
      .then(() => navigate({ to: deskOf(person.part).home }))
      .catch(onFailure);
  };
}
