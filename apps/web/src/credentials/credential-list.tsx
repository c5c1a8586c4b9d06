import type { Standing } from "@galen/ledger/modules/credentials/schema";
import type { CredentialType } from "@galen/ledger/modules/governance/schema";
import { credentialTypes } from "@galen/sdk/acts/vocabulary";
import { Button } from "@mantine/core";
import { IconCertificate } from "@tabler/icons-react";
import { useState } from "react";
import { describeFailure } from "../frame/failure.ts";
import { useFormats } from "../frame/formats.ts";
import { useLanguage, useTexts } from "../frame/texts.ts";
import { shortId, useNames } from "../keys/names.ts";
import { usePerson } from "../keys/person.ts";
import { List } from "../ui/list.tsx";
import { Row } from "../ui/row.tsx";
import { Actions, Note, Tag, type Tone } from "../ui/surface.tsx";
import { type Change, ChangeForm } from "./change-form.tsx";
import styles from "./credentials.module.css";
import { type HeldCredential, useHeldCredentials } from "./held-credentials.ts";
import { IssueForm } from "./issue-form.tsx";
import { credentialTexts } from "./texts.ts";

interface HolderProps {
  readonly account: string;
  readonly name: string;
  /** What the one who looks is registered to issue. */
  readonly issuable: readonly CredentialType[];
}

/** What somebody holds, and to its issuer, what can be done about it. */
export function Credentials({ account, name, issuable }: HolderProps) {
  const t = useTexts(credentialTexts);
  const { data: held, error, isPending } = useHeldCredentials(account);
  const [isIssuing, setIssuing] = useState(false);
  return (
    <div className={styles.held}>
      {isPending && (
        <span className={styles.quiet} role="status">
          {t("loading")}
        </span>
      )}
      {error && <Note tone="bad">{describeFailure(error).text}</Note>}
      {held?.length === 0 && <p className={styles.quiet}>{t("none")}</p>}
      {held && held.length > 0 && (
        <List aria-label={t("credentials")}>
          {held.map((one) => (
            <CredentialRow key={one.credential.credentialId} held={one} holderName={name} />
          ))}
        </List>
      )}
      {issuable.length > 0 && !isIssuing && (
        <Button
          variant="light"
          className={styles.start}
          leftSection={<IconCertificate size={22} />}
          onClick={() => setIssuing(true)}
          aria-label={t("issueFor", { name })}
        >
          {t("issue")}
        </Button>
      )}
      {isIssuing && <IssueForm holder={{ account, name }} types={issuable} onDone={() => setIssuing(false)} />}
    </div>
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

interface RowProps {
  readonly held: HeldCredential;
  readonly holderName: string;
}

function CredentialRow({ held, holderName }: RowProps) {
  const t = useTexts(credentialTexts);
  const language = useLanguage();
  const { own } = usePerson();
  const [change, setChange] = useState<Change>();
  const { credential, standing } = held;
  const isOwn = credential.issuer === own.account;
  return (
    <li>
      <Row
        lead={<IconCertificate className={styles.icon} size={22} aria-hidden="true" />}
        terms={<Terms held={held} isOwn={isOwn} />}
        aside={<Tag tone={tones[standing]}>{t(`standing.${standing}`)}</Tag>}
      >
        <strong className={styles.title}>{credentialTypes[credential.credentialType][language]}</strong>
      </Row>
      {isOwn && change === undefined && <Changes held={held} holderName={holderName} onChoose={setChange} />}
      {change && <ChangeForm key={change} change={change} held={held} holderName={holderName} onDone={() => setChange(undefined)} />}
    </li>
  );
}

/** Who issued it, for what, until when, and since when it is as it is. */
function Terms({ held: { credential, standing }, isOwn }: { readonly held: HeldCredential; readonly isOwn: boolean }) {
  const t = useTexts(credentialTexts);
  const formats = useFormats();
  const names = useNames();
  const { issuer, scope, validFrom, validUntil, changes } = credential;
  const last = changes.at(-1);
  const parts = [
    isOwn ? t("byYou") : t("by", { issuer: names.get(issuer)?.name ?? shortId(issuer) }),
    ...(scope === undefined ? [] : [t("scopeOf", { scope })]),
    ...(standing === "not-yet-valid" ? [t("validFrom", { day: formats.date(validFrom) })] : []),
    t("validUntil", { day: formats.date(validUntil) }),
    ...(last && (standing === "suspended" || standing === "revoked") ? [t(`${standing}Since`, { day: formats.date(last.from) })] : []),
  ];
  return parts.join(" · ");
}

interface ChangesProps extends RowProps {
  readonly onChoose: (change: Change) => void;
}

function Changes({ held: { credential }, holderName, onChoose }: ChangesProps) {
  const t = useTexts(credentialTexts);
  const language = useLanguage();
  const last = credential.changes.at(-1)?.to;
  if (last === "revoked") return null;
  const possible: readonly Change[] = [last === "suspended" ? "reinstate" : "suspend", "revoke"];
  const words = { type: credentialTypes[credential.credentialType][language], name: holderName };
  return (
    <Actions>
      {possible.map((change) => (
        <Button
          key={change}
          variant={change === "revoke" ? "light" : "default"}
          {...(change === "revoke" && { color: "rust" })}
          onClick={() => onChoose(change)}
          aria-label={t("of", { act: t(change), ...words })}
        >
          {t(change)}
        </Button>
      ))}
    </Actions>
  );
}
