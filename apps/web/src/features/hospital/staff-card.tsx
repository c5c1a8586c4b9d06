import type { Standing } from "@galen/ledger/modules/credentials/schema";
import { credentialTypes, roles } from "@galen/sdk/acts/vocabulary";
import { Button } from "@mantine/core";
import { IconCertificate } from "@tabler/icons-react";
import { useState } from "react";
import { describeFailure } from "../../frame/failure.ts";
import { useFormats } from "../../frame/formats.ts";
import { useLanguage, useTexts } from "../../frame/texts.ts";
import { shortId, useNames } from "../../keys/names.ts";
import { Avatar, Card, Note, Tag, type Tone } from "../../ui/surface.tsx";
import styles from "./hospital.module.css";
import { peopleTexts } from "./people-texts.ts";
import { RolesForm } from "./roles-form.tsx";
import { type HeldCredential, type StaffFacts, useStaffFacts } from "./staff.ts";

interface StaffCardProps {
  readonly house: string;
  readonly member: string;
  readonly name: string;
}

/** One who works at the house. */
export function StaffCard({ house, member, name }: StaffCardProps) {
  const t = useTexts(peopleTexts);
  const { data: facts, error, isPending } = useStaffFacts({ organisation: house, member });
  const [isChanging, setChanging] = useState(false);
  return (
    <Card className={styles.member}>
      <div className={styles.head}>
        <Avatar name={name} />
        <div className={styles.headWords}>
          <strong className={styles.name}>{name}</strong>
          {facts && <RoleTags facts={facts} />}
          {isPending && (
            <span className={styles.quiet} role="status">
              {t("loading")}
            </span>
          )}
        </div>
        {facts && !isChanging && (
          <Button variant="default" onClick={() => setChanging(true)} aria-label={t("changeOf", { name })}>
            {t("change")}
          </Button>
        )}
      </div>
      {error && <Note tone="bad">{describeFailure(error).text}</Note>}
      {facts && <Credentials credentials={facts.credentials} />}
      {facts && isChanging && (
        <RolesForm house={house} member={member} name={name} membership={facts.membership} onDone={() => setChanging(false)} />
      )}
    </Card>
  );
}

function RoleTags({ facts: { membership } }: { readonly facts: StaffFacts }) {
  const t = useTexts(peopleTexts);
  const formats = useFormats();
  const language = useLanguage();
  if (!membership) return <Tag tone="warn">{t("notMember")}</Tag>;
  return (
    <span className={styles.tags}>
      {membership.roles.map((role) => (
        <Tag key={role} tone="brand">
          {roles[role][language]}
        </Tag>
      ))}
      {membership.until !== undefined && <span className={styles.quiet}>{t("until", { day: formats.date(membership.until) })}</span>}
    </span>
  );
}

const tones: Readonly<Record<Standing, Tone>> = {
  valid: "good",
  suspended: "warn",
  "not-yet-valid": "warn",
  revoked: "bad",
  expired: "bad",
  "issuer-removed": "bad",
};

function Credentials({ credentials }: { readonly credentials: readonly HeldCredential[] }) {
  const t = useTexts(peopleTexts);
  if (credentials.length === 0) return <p className={styles.quiet}>{t("noCredentials")}</p>;
  return (
    <ul className={styles.credentials} aria-label={t("credentials")}>
      {credentials.map((held) => (
        <CredentialRow key={held.credential.credentialId} {...held} />
      ))}
    </ul>
  );
}

function CredentialRow({ credential: { credentialType, issuer, validUntil }, standing }: HeldCredential) {
  const t = useTexts(peopleTexts);
  const formats = useFormats();
  const names = useNames();
  const language = useLanguage();
  return (
    <li>
      <IconCertificate size={22} aria-hidden="true" />
      <span className={styles.title}>{credentialTypes[credentialType][language]}</span>
      <span className={styles.quiet}>
        {t("by", { issuer: names.get(issuer)?.name ?? shortId(issuer) })} · {t("validUntil", { day: formats.date(validUntil) })}
      </span>
      <Tag tone={tones[standing]}>{t(`standing.${standing}`)}</Tag>
    </li>
  );
}
