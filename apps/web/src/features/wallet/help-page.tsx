import { portableCrypto } from "@galen/ledger/crypto/portable";
import { parseRecoveryCode, type RecoveryRequest, recoveryIdFor, startRecovery } from "@galen/sdk/accounts/recovery";
import { Button, TextInput } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconScan } from "@tabler/icons-react";
import { lazy, Suspense, useState } from "react";
import { useHash } from "../../frame/hash.ts";
import { useTexts } from "../../frame/texts.ts";
import { usePerson } from "../../keys/person.ts";
import { BackLink } from "../../ui/back-link.tsx";
import { Failure, Loading } from "../../ui/state.tsx";
import { Card, Note, PageHeader, Section } from "../../ui/surface.tsx";
import { guardianTexts } from "./guardian-texts.ts";
import styles from "./guardians.module.css";
import { Helping } from "./helping.tsx";
import { useNameOf, useRecoveries } from "./recoveries.ts";
import { RecoveryState } from "./recovery-state.tsx";

const ScanSheet = lazy(async () => ({ default: (await import("../../scan/scan-sheet.tsx")).ScanSheet }));

/** For a guardian, to whom somebody shows a code; another link is another code. */
export function Page() {
  const hash = useHash();
  return <Help key={hash} linked={hash} />;
}

function Help({ linked }: { readonly linked: string }) {
  const t = useTexts(guardianTexts);
  const [text, setText] = useState(linked);
  const request = parseRecoveryCode(text);
  return (
    <>
      <BackLink to="/wallet/guardians">{t("title")}</BackLink>
      <PageHeader title={t("helpTitle")} lead={t("helpLead")} />
      <Card>
        <CodeField text={text} isForeign={text !== "" && !request} onChange={setText} />
      </Card>
      {request && <Asked key={request.signingKey} request={request} />}
    </>
  );
}

interface CodeFieldProps {
  readonly text: string;
  readonly isForeign: boolean;
  readonly onChange: (text: string) => void;
}

function CodeField({ text, isForeign, onChange }: CodeFieldProps) {
  const t = useTexts(guardianTexts);
  const [isScanning, scanning] = useDisclosure();
  return (
    <div className={styles.field}>
      <TextInput
        label={t("codeLabel")}
        description={t("codeHint")}
        size="md"
        autoComplete="off"
        spellCheck={false}
        value={text}
        onChange={(event) => onChange(event.currentTarget.value)}
        error={isForeign ? t("codeForeign") : undefined}
      />
      <Button variant="default" leftSection={<IconScan size={22} />} onClick={scanning.open}>
        {t("scan")}
      </Button>
      {isScanning && (
        <Suspense>
          <ScanSheet
            onFound={(found) => {
              scanning.close();
              onChange(found);
            }}
            onClose={scanning.close}
          />
        </Suspense>
      )}
    </div>
  );
}

function Asked({ request }: { readonly request: RecoveryRequest }) {
  const t = useTexts(guardianTexts);
  const { own } = usePerson();
  const nameOf = useNameOf();
  const { data, error, isPending, refetch } = useRecoveries(request.account);
  const recoveryId = recoveryIdFor({ crypto: portableCrypto }, request);
  const open = data?.open.find((one) => one.recoveryId === recoveryId);
  const isGuardian = data?.guardianship?.guardians.includes(own.account) ?? false;
  const hasHelped = open?.guardians.includes(own.account) ?? false;
  return (
    <Section title={t("forWhom", { name: nameOf(request.account) })}>
      {isPending && <Loading />}
      {error && <Failure error={error} onRetry={() => void refetch()} />}
      {data && (
        <Card>
          {open && <RecoveryState account={request.account} recovery={open} recoveries={data} />}
          {!isGuardian && <Note tone="warn">{t("notGuardian")}</Note>}
          {hasHelped && <Note tone="good">{t("youApproved")}</Note>}
          {isGuardian && !hasHelped && <Helping recoveryId={recoveryId} message={startRecovery(request)} />}
        </Card>
      )}
    </Section>
  );
}
