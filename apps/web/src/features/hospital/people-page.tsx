import { Button } from "@mantine/core";
import { IconUserPlus, IconUsersGroup } from "@tabler/icons-react";
import { useState } from "react";
import { useIssuable } from "../../credentials/held-credentials.ts";
import { useTexts } from "../../frame/texts.ts";
import type { CodeContent } from "../../keys/code-link.ts";
import { useNames } from "../../keys/names.ts";
import { usePerson } from "../../keys/person.ts";
import { isWorker, PersonField } from "../../people/person-field.tsx";
import { Empty, Failure, Loading } from "../../ui/state.tsx";
import { Card, Note, PageHeader } from "../../ui/surface.tsx";
import styles from "./hospital.module.css";
import { peopleTexts } from "./people-texts.ts";
import { RolesForm } from "./roles-form.tsx";
import { useStaff } from "./staff.ts";
import { StaffCard } from "./staff-card.tsx";

/** Who works at the house, in which role, and what they are licensed for. */
export function Page() {
  const t = useTexts(peopleTexts);
  const { saved } = usePerson();
  const names = useNames();
  const [isAdding, setAdding] = useState(false);
  const house = saved.worksFor ?? saved.account;
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
      <Staff house={house} />
    </>
  );
}

function Staff({ house }: { readonly house: string }) {
  const t = useTexts(peopleTexts);
  const { own } = usePerson();
  const issuable = useIssuable(own.account);
  const { data, error, isPending, hasNextPage, isFetchingNextPage, fetchNextPage, refetch } = useStaff(house);
  const people = data?.pages.flatMap(({ items }) => items);
  return (
    <>
      {isPending && !error && <Loading>{t("loading")}</Loading>}
      {error && <Failure error={error} onRetry={() => void refetch()} />}
      {people?.length === 0 && (
        <Empty icon={<IconUsersGroup size={30} />} title={t("none")}>
          {t("noneText")}
        </Empty>
      )}
      <ul className={styles.staff}>
        {people?.map((person) => (
          <li key={person.member}>
            <StaffCard house={house} person={person} issuable={issuable} />
          </li>
        ))}
      </ul>
      {hasNextPage && (
        <Button variant="default" className={styles.more} loading={isFetchingNextPage} onClick={() => void fetchNextPage()}>
          {t("more")}
        </Button>
      )}
    </>
  );
}

function AddForm({ house, onDone }: { readonly house: string; readonly onDone: () => void }) {
  const t = useTexts(peopleTexts);
  const [person, setPerson] = useState<CodeContent>();
  const { saved } = usePerson();
  const isHouse = person?.account === house || person?.account === saved.account;
  return (
    <Card className={styles.add}>
      <PersonField label={t("who")} isSought={isWorker} value={person} onChange={setPerson} />
      {isHouse && <Note tone="warn">{t("itself")}</Note>}
      {person && !isHouse ? (
        <RolesForm key={person.account} house={house} person={{ member: person.account }} name={person.name || undefined} onDone={onDone} />
      ) : (
        <Button variant="default" className={styles.start} onClick={onDone}>
          {t("cancel")}
        </Button>
      )}
    </Card>
  );
}
