import { fetchRecoveries } from "@galen/sdk/accounts/recovery";
import { webRandom } from "@galen/sdk/keys/random";
import { createSeedWords } from "@galen/sdk/keys/seed";
import { Button, TextInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link, useNavigate, useParams } from "@tanstack/react-router";
import { useState } from "react";
import { useTexts } from "../../frame/texts.ts";
import type { CodeContent } from "../../keys/code-link.ts";
import { savedPeople } from "../../keys/people-store.ts";
import { useChain } from "../../network/use-chain.ts";
import { isPatient, PersonField } from "../../people/person-field.tsx";
import { Failure, Loading } from "../../ui/state.tsx";
import { Card, Note, PageHeader } from "../../ui/surface.tsx";
import { LockForm } from "./lock-form.tsx";
import { recoverTexts } from "./recover-texts.ts";
import { RecoveryProgress } from "./recovery-progress.tsx";
import styles from "./start.module.css";
import { WordsStep } from "./words-step.tsx";

/** For somebody who lost the keys: new ones, by the help of guardians. The address says whose restoring goes on. */
export function Page() {
  const t = useTexts(recoverTexts);
  const { account } = useParams({ strict: false }) as { readonly account?: string };
  return (
    <>
      <PageHeader title={t("title")} lead={t("lead")} />
      {account === undefined ? <Beginning /> : <GoingOn account={account} />}
    </>
  );
}

function Beginning() {
  const [owner, setOwner] = useState<CodeContent>();
  const [words, setWords] = useState<string>();
  const [isWritten, setWritten] = useState(false);
  const navigate = useNavigate();
  if (!owner) return <WhoStep onDone={setOwner} />;
  const { account, name } = owner;
  return (
    <Card className={styles.sheet}>
      {!words && <TermsStep account={account} onOther={() => setOwner(undefined)} onDone={() => setWords(createSeedWords(webRandom))} />}
      {words && !isWritten && <WordsStep words={words} onDone={() => setWritten(true)} />}
      {words && isWritten && (
        <LockForm
          wallet={{ words, name, kind: "person", account }}
          isRecovering
          onDone={() => navigate({ to: `/keys/recover/${account}` })}
        />
      )}
    </Card>
  );
}

function WhoStep({ onDone }: { readonly onDone: (owner: CodeContent) => void }) {
  const t = useTexts(recoverTexts);
  const [person, setPerson] = useState<CodeContent>();
  const [typed, setTyped] = useState<string>();
  const name = typed ?? person?.name ?? "";
  return (
    <Card className={styles.sheet}>
      <form
        className={styles.form}
        onSubmit={(event) => {
          event.preventDefault();
          if (person) onDone({ account: person.account, name: name.trim() });
        }}
      >
        <p>{t("whoText")}</p>
        <PersonField label={t("who")} isSought={isPatient} value={person} onChange={setPerson} />
        <TextInput label={t("name")} maxLength={80} required value={name} onChange={(event) => setTyped(event.currentTarget.value)} />
        <Button type="submit" size="lg" disabled={!person || name.trim() === ""}>
          {t("next")}
        </Button>
      </form>
    </Card>
  );
}

interface TermsProps {
  readonly account: string;
  readonly onOther: () => void;
  readonly onDone: () => void;
}

function TermsStep({ account, onOther, onDone }: TermsProps) {
  const t = useTexts(recoverTexts);
  const { data, error, isPending, refetch } = useChain(["recoveries", account], (client) => fetchRecoveries(client, account));
  const delayWords = useDelayWords();
  if (isPending) return <Loading />;
  if (error) return <Failure error={error} onRetry={() => void refetch()} />;
  if (!data?.guardianship) {
    return (
      <div className={styles.form}>
        <Note tone="bad">{t("unguarded")}</Note>
        <Button size="lg" variant="default" onClick={onOther}>
          {t("other")}
        </Button>
      </div>
    );
  }
  const { threshold, guardians, delayMs } = data.guardianship;
  return (
    <div className={styles.form}>
      <p>{t("terms", { threshold, count: guardians.length, delay: delayWords(delayMs) })}</p>
      <Button size="lg" onClick={onDone}>
        {t("next")}
      </Button>
    </div>
  );
}

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

function useDelayWords(): (ms: number) => string {
  const t = useTexts(recoverTexts);
  return (ms) => (ms % DAY_MS === 0 ? t("delayDays", { count: ms / DAY_MS }) : t("delayHours", { count: Math.round(ms / HOUR_MS) }));
}

function GoingOn({ account }: { readonly account: string }) {
  const t = useTexts(recoverTexts);
  const { data: people, isPending } = useQuery({ queryKey: ["people"], queryFn: savedPeople });
  const person = people?.find((one) => one.account === account && one.isRecovering === true);
  if (isPending) return <Loading />;
  if (person?.givenKeys) return <RecoveryProgress person={person} request={person.givenKeys} />;
  return (
    <Card className={styles.sheet}>
      <div className={styles.form}>
        <p>{t("unknown")}</p>
        <Button component={Link} to="/">
          {t("start")}
        </Button>
      </div>
    </Card>
  );
}
