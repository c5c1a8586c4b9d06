import { Button } from "@mantine/core";
import { IconShieldLock } from "@tabler/icons-react";
import { useMutation } from "@tanstack/react-query";
import { useTexts } from "../../frame/texts.ts";
import { requireNetwork } from "../../network/network.tsx";
import { Empty, Failure, Loading } from "../../ui/state.tsx";
import { Card, Mono, PageHeader, Tag } from "../../ui/surface.tsx";
import styles from "./auditor.module.css";
import { auditAll, type NamedAudit } from "./custodian-audits.ts";
import { reviewTexts } from "./review-texts.ts";

/** Whether custodians answered only to what the ledger had logged. */
export function Page() {
  const t = useTexts(reviewTexts);
  const auditing = useMutation({ mutationFn: async () => auditAll((await requireNetwork()).client) });
  return (
    <>
      <PageHeader title={t("custodiansTitle")} lead={t("custodiansLead")}>
        <Button size="lg" loading={auditing.isPending} onClick={() => auditing.mutate()}>
          {t("compare")}
        </Button>
      </PageHeader>
      {auditing.isIdle && (
        <Empty icon={<IconShieldLock size={30} />} title={t("nothingCompared")}>
          {t("nothingComparedText")}
        </Empty>
      )}
      {auditing.isPending && <Loading>{t("comparing")}</Loading>}
      {auditing.error && <Failure error={auditing.error} onRetry={() => auditing.mutate()} />}
      {auditing.data && (
        <ul className={styles.cards}>
          {auditing.data.map((named) => (
            <li key={named.url}>
              <AuditCard named={named} />
            </li>
          ))}
        </ul>
      )}
    </>
  );
}

function AuditCard({ named: { url, audit } }: { readonly named: NamedAudit }) {
  const t = useTexts(reviewTexts);
  const findings = audit?.findings ?? [];
  return (
    <Card>
      <div className={styles.head}>
        <Mono>{url}</Mono>
        {!audit && <Tag tone="warn">{t("away")}</Tag>}
        {audit && findings.length === 0 && <Tag tone="good">{t("agrees")}</Tag>}
        {findings.length > 0 && <Tag tone="bad">{t("unexplained", { count: findings.length })}</Tag>}
      </div>
      {audit && findings.length === 0 && <p className={styles.quiet}>{t("answers", { count: audit.entries })}</p>}
      {findings.length > 0 && (
        <ul className={styles.findings}>
          {findings.map(({ number, releaseId, fault }) => (
            <li key={`${number} ${fault}`}>
              {t("answerNumber", { number, fault: t(`fault.${fault}`) })} {releaseId !== "" && <Mono>{releaseId}</Mono>}
            </li>
          ))}
        </ul>
      )}
    </Card>
  );
}
