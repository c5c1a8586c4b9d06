import { Button } from "@mantine/core";
import { IconUserPlus, IconUsersGroup } from "@tabler/icons-react";
import { useState } from "react";
import { useTexts } from "../../frame/texts.ts";
import type { CodeContent } from "../../keys/code-link.ts";
import { type Names, shortId, useNames } from "../../keys/names.ts";
import { usePerson } from "../../keys/person.ts";
import { isPatient, PersonField, type Sought } from "../../people/person-field.tsx";
import { Empty } from "../../ui/state.tsx";
import { Card, PageHeader } from "../../ui/surface.tsx";
import styles from "./hospital.module.css";
import { peopleTexts } from "./people-texts.ts";
import { RolesForm } from "./roles-form.tsx";
import { StaffCard } from "./staff-card.tsx";

/** Who works at the house, in which role, and what they are licensed for. */
export function Page() {
  const t = useTexts(peopleTexts);
  const { saved } = usePerson();
  const names = useNames();
  const [isAdding, setAdding] = useState(false);
  const house = saved.worksFor ?? saved.account;
  const staff = staffOf(names, house);
  return (
    <>
      <PageHeader title={t("title", { name: names.get(house)?.name ?? saved.name })} lead={t("lead")}>
        {!isAdding && (
          <Button leftSection={<IconUserPlus size={22} />} onClick={() => setAdding(true)}>
            {t("add")}
          </Button>
        )}
      </PageHeader>
      {isAdding && <AddForm house={house} onDone={() => setAdding(false)} />}
      {staff.length === 0 && !isAdding && (
        <Empty icon={<IconUsersGroup size={30} />} title={t("none")}>
          {t("noneText")}
        </Empty>
      )}
      <ul className={styles.staff}>
        {staff.map(({ account, name }) => (
          <li key={account}>
            <StaffCard house={house} member={account} name={name} />
          </li>
        ))}
      </ul>
    </>
  );
}

/** Those whom this browser knows to work there. The ledger lists nobody's staff. */
function staffOf(names: Names, house: string): readonly CodeContent[] {
  return [...names].filter(([, { worksFor }]) => worksFor === house).map(([account, { name }]) => ({ account, name }));
}

const isWorker: Sought = (known) => !isPatient(known) && known.worksFor !== undefined;

function AddForm({ house, onDone }: { readonly house: string; readonly onDone: () => void }) {
  const t = useTexts(peopleTexts);
  const [person, setPerson] = useState<CodeContent>();
  return (
    <Card className={styles.add}>
      <PersonField label={t("who")} isSought={isWorker} value={person} onChange={setPerson} />
      {person ? (
        <RolesForm
          key={person.account}
          house={house}
          member={person.account}
          name={person.name || shortId(person.account)}
          membership={undefined}
          onDone={onDone}
        />
      ) : (
        <Button variant="default" className={styles.start} onClick={onDone}>
          {t("cancel")}
        </Button>
      )}
    </Card>
  );
}
