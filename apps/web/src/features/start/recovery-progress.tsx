import { portableCrypto } from "@galen/ledger/crypto/portable";
import { checkDigits, fetchRecoveries, isRecovered, type RecoveryRequest, recoveryCode, recoveryIdFor } from "@galen/sdk/accounts/recovery";
import { Button, CopyButton } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { describeFailure } from "../../frame/failure.ts";
import { useFormats } from "../../frame/formats.ts";
import { useTexts } from "../../frame/texts.ts";
import { useLiveBlocks } from "../../hearing/use-live-blocks.ts";
import { type SavedPerson, savePerson } from "../../keys/people-store.ts";
import { enter, heldBy } from "../../keys/person.ts";
import { wordsOf } from "../../keys/unlock.ts";
import { requireNetwork } from "../../network/network.tsx";
import { useChain } from "../../network/use-chain.ts";
import { PassphraseInput } from "../../ui/passphrase-input.tsx";
import { QrCode } from "../../ui/qr-code.tsx";
import { Failure, Loading } from "../../ui/state.tsx";
import { Card, Note, Section } from "../../ui/surface.tsx";
import { recoverTexts } from "./recover-texts.ts";
import styles from "./start.module.css";

interface ProgressProps {
  readonly person: SavedPerson;
  readonly request: RecoveryRequest;
}

/** How far the guardians are, live; at the end the way back to the records. */
export function RecoveryProgress({ person, request }: ProgressProps) {
  useLiveBlocks();
  const { data, error, isPending, refetch } = useChain(["latest", "recovery", request.account, request.signingKey], async (client) => ({
    isThrough: await isRecovered(client, request),
    recoveries: await fetchRecoveries(client, request.account),
  }));
  if (isPending) return <Loading />;
  if (error) return <Failure error={error} onRetry={() => void refetch()} />;
  if (!data) return null;
  return data.isThrough ? <Finishing person={person} /> : <Waiting request={request} recoveries={data.recoveries} />;
}

interface WaitingProps {
  readonly request: RecoveryRequest;
  readonly recoveries: Awaited<ReturnType<typeof fetchRecoveries>>;
}

function Waiting({ request, recoveries: { open, running, guardianship } }: WaitingProps) {
  const t = useTexts(recoverTexts);
  const formats = useFormats();
  const recoveryId = recoveryIdFor({ crypto: portableCrypto }, request);
  const approvals = open.find((one) => one.recoveryId === recoveryId)?.guardians.length ?? 0;
  return (
    <>
      <Card className={styles.sheet}>
        <div className={styles.form}>
          <Note tone={running?.recoveryId === recoveryId ? "good" : "brand"}>
            {running?.recoveryId === recoveryId
              ? t("due", { at: formats.dateTime(running.dueAt) })
              : t("approvals", { count: approvals, threshold: guardianship?.threshold ?? 0 })}
          </Note>
          <p>{t("waits")}</p>
        </div>
      </Card>
      <Section title={t("digits")}>
        <Card className={styles.sheet}>
          <p className={styles.digits} translate="no">
            {checkDigits(recoveryId)}
          </p>
          <p>{t("digitsText")}</p>
        </Card>
      </Section>
      <ShownCode request={request} />
    </>
  );
}

function ShownCode({ request }: { readonly request: RecoveryRequest }) {
  const t = useTexts(recoverTexts);
  const link = new URL("/wallet/help", location.origin);
  // Behind the hash, so that it stays out of every log of the server.
  link.hash = recoveryCode(request);
  return (
    <Section title={t("code")}>
      <Card className={styles.sheet}>
        <div className={styles.form}>
          <p>{t("codeText")}</p>
          <QrCode text={link.href} label={t("code")} />
          <CopyButton value={link.href}>
            {({ copied, copy }) => (
              <Button variant="light" onClick={copy}>
                {t(copied ? "copied" : "copy")}
              </Button>
            )}
          </CopyButton>
        </div>
      </Card>
    </Section>
  );
}

function Finishing({ person }: { readonly person: SavedPerson }) {
  const t = useTexts(recoverTexts);
  const [passphrase, setPassphrase] = useState("");
  const { finishing, progress } = useFinishing(person);
  return (
    <Card className={styles.sheet}>
      <form
        className={styles.form}
        onSubmit={(event) => {
          event.preventDefault();
          finishing.mutate(passphrase);
        }}
      >
        <Note tone="good">
          <strong>{t("through")}</strong>
          <br />
          {t("throughText")}
        </Note>
        {person.lock.kind === "passphrase" && (
          <PassphraseInput
            label={t("passphrase")}
            autoComplete="current-password"
            required
            value={passphrase}
            onChange={(event) => setPassphrase(event.currentTarget.value)}
          />
        )}
        {progress && <p role="status">{t("progress", progress)}</p>}
        {finishing.error && <Note tone="bad">{describeFailure(finishing.error).text}</Note>}
        <Button type="submit" size="lg" loading={finishing.isPending}>
          {t("finish")}
        </Button>
      </form>
    </Card>
  );
}

/** Seals the records to the new keys and opens the wallet. Broken off, it goes on where it ended at the next press. */
function useFinishing(person: SavedPerson) {
  const navigate = useNavigate();
  const queries = useQueryClient();
  const [progress, setProgress] = useState<{ readonly done: number; readonly total: number }>();
  const finishing = useMutation({
    async mutationFn(passphrase: string) {
      const { client } = await requireNetwork();
      const words = await wordsOf(person, passphrase);
      const { reopenRecords } = await import("@galen/sdk/records/reopen-records");
      const as = await heldBy(person, words);
      // What somebody filed that does not open must not keep the owner from the rest; it shows among the records.
      const onUnreadable = () => undefined;
      await reopenRecords(client, { as, onUnreadable, onProgress: (done, total) => setProgress({ done, total }) });
      const { isRecovering: _, ...through } = person;
      await savePerson(through);
      await enter(through, words);
    },
    async onSuccess() {
      await queries.invalidateQueries({ queryKey: ["people"] });
      await navigate({ to: "/wallet" });
    },
  });
  return { finishing, progress };
}
