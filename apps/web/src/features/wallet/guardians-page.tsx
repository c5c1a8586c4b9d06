import type { KnownRecoveries } from "@galen/sdk/accounts/recovery";
import { Button } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { describeFailure } from "../../frame/failure.ts";
import { useTexts } from "../../frame/texts.ts";
import { usePerson } from "../../keys/person.ts";
import { NotSignedError, useSigning } from "../../signing/signing.tsx";
import { notify } from "../../ui/notify.ts";
import { Row } from "../../ui/row.tsx";
import { Failure, Loading } from "../../ui/state.tsx";
import { Actions, Avatar, Card, Note, PageHeader, Section } from "../../ui/surface.tsx";
import { BackTo } from "./back-to.tsx";
import { Guarded } from "./guarded.tsx";
import { guardianTexts } from "./guardian-texts.ts";
import styles from "./guardians.module.css";
import { GuardiansForm } from "./guardians-form.tsx";
import { recoveriesKey, useNameOf, useRecoveries, useSpanWords } from "./recoveries.ts";
import { StopRecovery } from "./stop-recovery.tsx";

/** Who can give this account new keys, and whom its owner can help. */
export function Page() {
  const t = useTexts(guardianTexts);
  const { own } = usePerson();
  const { data, error, isPending, refetch } = useRecoveries(own.account);
  return (
    <>
      <BackTo page="settings" />
      <PageHeader title={t("title")} lead={t("lead")} />
      {isPending && <Loading>{t("loading")}</Loading>}
      {error && <Failure error={error} onRetry={() => void refetch()} />}
      {data && data.open.length > 0 && (
        <Card>
          <h2 className={styles.heading}>{t("alarmTitle")}</h2>
          <StopRecovery recoveries={data} />
        </Card>
      )}
      {data && <OwnGuardians guardianship={data.guardianship} />}
      <Guarded />
    </>
  );
}

function OwnGuardians({ guardianship }: Pick<KnownRecoveries, "guardianship">) {
  const t = useTexts(guardianTexts);
  const [isChanging, changing] = useDisclosure();
  return (
    <Section title={t("own")}>
      <Card>
        {isChanging && <GuardiansForm guardianship={guardianship} onDone={changing.close} />}
        {!isChanging &&
          (guardianship ? <Present guardianship={guardianship} onChange={changing.open} /> : <Nobody onChoose={changing.open} />)}
      </Card>
    </Section>
  );
}

function Nobody({ onChoose }: { readonly onChoose: () => void }) {
  const t = useTexts(guardianTexts);
  return (
    <div className={styles.form}>
      <Note tone="warn">
        <strong>{t("nobody")}</strong>
        <br />
        {t("nobodyText")}
      </Note>
      <Button size="lg" onClick={onChoose}>
        {t("choose")}
      </Button>
    </div>
  );
}

interface PresentProps {
  readonly guardianship: NonNullable<KnownRecoveries["guardianship"]>;
  readonly onChange: () => void;
}

function Present({ guardianship: { guardians, threshold, delayMs }, onChange }: PresentProps) {
  const t = useTexts(guardianTexts);
  const nameOf = useNameOf();
  const spanWords = useSpanWords();
  const removing = useRemoving();
  return (
    <div className={styles.form}>
      <ul className={styles.people}>
        {guardians.map((guardian) => (
          <li key={guardian}>
            <Row lead={<Avatar name={nameOf(guardian)} />}>
              <strong>{nameOf(guardian)}</strong>
            </Row>
          </li>
        ))}
      </ul>
      <p className={styles.text}>{t("terms", { threshold, count: guardians.length, days: spanWords(delayMs) })}</p>
      {removing.error && !(removing.error instanceof NotSignedError) && <Note tone="bad">{describeFailure(removing.error).text}</Note>}
      <Actions>
        <Button variant="light" onClick={onChange}>
          {t("change")}
        </Button>
        <Button variant="light" color="rust" loading={removing.isPending} onClick={() => removing.mutate()}>
          {t("remove")}
        </Button>
      </Actions>
    </div>
  );
}

function useRemoving() {
  const t = useTexts(guardianTexts);
  const { own } = usePerson();
  const sign = useSigning();
  const queries = useQueryClient();
  return useMutation({
    mutationFn: () => sign({ messages: [{ type: "accounts.removeGuardians", value: { account: own.account } }] }),
    async onSuccess() {
      void notify({ title: t("removed"), message: t("nobodyText") });
      await queries.invalidateQueries({ queryKey: recoveriesKey });
    },
  });
}
