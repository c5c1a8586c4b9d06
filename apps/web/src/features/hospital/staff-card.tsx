import type { CredentialType } from "@galen/ledger/modules/governance/schema";
import { roles } from "@galen/sdk/acts/vocabulary";
import type { KnownMember } from "@galen/sdk/organisations/members";
import { Button } from "@mantine/core";
import { useState } from "react";
import { Credentials } from "../../credentials/credential-list.tsx";
import { useFormats } from "../../frame/formats.ts";
import { useLanguage, useTexts } from "../../frame/texts.ts";
import { shortId, useNames } from "../../keys/names.ts";
import { Row } from "../../ui/row.tsx";
import { Avatar, Card, Tag } from "../../ui/surface.tsx";
import styles from "./hospital.module.css";
import { peopleTexts } from "./people-texts.ts";
import { RolesForm } from "./roles-form.tsx";

interface StaffCardProps {
  readonly house: string;
  readonly person: KnownMember;
  /** What the one who looks may issue. */
  readonly issuable: readonly CredentialType[];
}

/** One who works at the house. */
export function StaffCard({ house, person, issuable }: StaffCardProps) {
  const t = useTexts(peopleTexts);
  const known = useNames().get(person.member)?.name;
  const [isChanging, setChanging] = useState(false);
  const name = known ?? t("unnamed", { id: shortId(person.member) });
  return (
    <Card className={styles.member}>
      <Row
        lead={<Avatar name={known ?? person.member} />}
        terms={<RoleTags person={person} />}
        aside={
          isChanging ? undefined : (
            <Button variant="default" onClick={() => setChanging(true)} aria-label={t("changeOf", { name })}>
              {t("change")}
            </Button>
          )
        }
      >
        <strong className={styles.name}>{name}</strong>
      </Row>
      {isChanging && <RolesForm house={house} person={person} name={known} onDone={() => setChanging(false)} />}
      <Credentials account={person.member} name={name} issuable={issuable} />
    </Card>
  );
}

function RoleTags({ person: { roles: held, until } }: { readonly person: KnownMember }) {
  const t = useTexts(peopleTexts);
  const formats = useFormats();
  const language = useLanguage();
  const isOver = until !== undefined && until <= Date.now();
  return (
    <span className={styles.tags}>
      {held.map((role) => (
        <Tag key={role} tone={isOver ? "plain" : "brand"}>
          {roles[role][language]}
        </Tag>
      ))}
      {isOver && <Tag tone="warn">{t("over", { day: formats.date(until) })}</Tag>}
      {until !== undefined && !isOver && <span className={styles.quiet}>{t("until", { day: formats.date(until) })}</span>}
    </span>
  );
}
