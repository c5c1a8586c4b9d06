import { credentialTypes } from "@galen/sdk/acts/vocabulary";
import { IconCertificate } from "@tabler/icons-react";
import { useState } from "react";
import { Credentials } from "../../credentials/credential-list.tsx";
import { type Registered, useIssuers } from "../../credentials/held-credentials.ts";
import { credentialTexts } from "../../credentials/texts.ts";
import { useFormats } from "../../frame/formats.ts";
import { useLanguage, useTexts } from "../../frame/texts.ts";
import type { CodeContent } from "../../keys/code-link.ts";
import { callOf, shortId, useNames } from "../../keys/names.ts";
import { usePerson } from "../../keys/person.ts";
import { isWorker, PersonField } from "../../people/person-field.tsx";
import { Empty, Failure, Loading } from "../../ui/state.tsx";
import { Avatar, Card, Note, PageHeader } from "../../ui/surface.tsx";
import styles from "./credentials.module.css";
import { issuerTexts } from "./texts.ts";

/** An issuer looks somebody up and says what the person is certified for. */
export function Page() {
  const t = useTexts(issuerTexts);
  const { own } = usePerson();
  const { data: issuers, error, isPending, refetch } = useIssuers();
  const [person, setPerson] = useState<CodeContent>();
  const issuable = issuers?.find(({ issuer }) => issuer === own.account)?.credentialTypes ?? [];
  const name = person && callOf(person);
  return (
    <>
      <PageHeader title={t("title")} lead={t("lead")} />
      {isPending && <Loading>{t("loading")}</Loading>}
      {error && <Failure error={error} onRetry={() => void refetch()} />}
      {issuers && <Standing issuers={issuers} account={own.account} />}
      <Card className={styles.who}>
        <PersonField label={t("who")} isSought={isWorker} value={person} onChange={setPerson} />
        {!person && <Empty icon={<IconCertificate size={30} />} title={t("whoHint")} />}
      </Card>
      {person && name && (
        <Card className={styles.holder}>
          <div className={styles.head}>
            <Avatar name={name} />
            <strong className={styles.name}>{name}</strong>
          </div>
          <Credentials key={person.account} account={person.account} name={name} issuable={issuable} />
        </Card>
      )}
    </>
  );
}

/** What the one who sits here may issue; and if nothing, who may. */
function Standing({ issuers, account }: { readonly issuers: readonly Registered[]; readonly account: string }) {
  const t = useTexts(credentialTexts);
  const formats = useFormats();
  const language = useLanguage();
  const names = useNames();
  const types = issuers.find(({ issuer }) => issuer === account)?.credentialTypes;
  if (types) {
    return <Note tone="good">{t("mayIssue", { types: formats.list(types.map((type) => credentialTypes[type][language])) })}</Note>;
  }
  const others = issuers.map(({ issuer }) => names.get(issuer)?.name ?? shortId(issuer));
  return (
    <Note tone="warn">
      {formats.sentences(t("mayNotIssue"), others.length === 0 ? t("noIssuers") : t("issuersAre", { names: formats.list(others) }))}
    </Note>
  );
}
