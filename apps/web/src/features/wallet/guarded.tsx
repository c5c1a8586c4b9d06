import { guardedBy } from "@galen/sdk/accounts/relations";
import { Button } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { describeFailure } from "../../frame/failure.ts";
import { useTexts } from "../../frame/texts.ts";
import { codeLink } from "../../keys/code-link.ts";
import { useNames } from "../../keys/names.ts";
import { usePerson } from "../../keys/person.ts";
import { useNetwork } from "../../network/network.tsx";
import { NotSignedError, useSigning } from "../../signing/signing.tsx";
import { notify } from "../../ui/notify.ts";
import { QrCode } from "../../ui/qr-code.tsx";
import { Row } from "../../ui/row.tsx";
import { Sheet } from "../../ui/sheet.tsx";
import { Failure, Loading } from "../../ui/state.tsx";
import { Avatar, Card, Mono, Note, Section } from "../../ui/surface.tsx";
import { guardianTexts } from "./guardian-texts.ts";
import styles from "./guardians.module.css";
import { Helping } from "./helping.tsx";
import { type OpenRecovery, recoveriesKey, useNameOf, useRecoveries } from "./recoveries.ts";
import { RecoveryState } from "./recovery-state.tsx";

/** Those whose guardian the person is, and what they need. */
export function Guarded() {
  const t = useTexts(guardianTexts);
  const { own } = usePerson();
  const { data: network } = useNetwork();
  const {
    data: accounts,
    error,
    refetch,
  } = useQuery({
    queryKey: ["guarded", own.account],
    enabled: network !== undefined,
    queryFn: () => guardedBy(network!.client, own),
  });
  return (
    <Section title={t("guarded")}>
      {error && <Failure error={error} onRetry={() => void refetch()} />}
      {!accounts && !error && <Loading />}
      {accounts?.length === 0 && <p className={styles.text}>{t("guardedNone")}</p>}
      <ul className={styles.cards}>
        {accounts?.map((account) => (
          <li key={account}>
            <Ward account={account} />
          </li>
        ))}
      </ul>
      <Button component={Link} to="/wallet/help" variant="light">
        {t("help")}
      </Button>
    </Section>
  );
}

function Ward({ account }: { readonly account: string }) {
  const t = useTexts(guardianTexts);
  const names = useNames();
  const name = useNameOf()(account);
  const { data, error, refetch } = useRecoveries(account);
  const [isShown, showing] = useDisclosure();
  return (
    <Card>
      <Row
        lead={<Avatar name={name} />}
        terms={data?.open.length === 0 ? t("quiet") : undefined}
        aside={
          <Button variant="default" onClick={showing.open}>
            {t("showCode")}
          </Button>
        }
      >
        <strong>{name}</strong>
      </Row>
      {error && <Failure error={error} onRetry={() => void refetch()} />}
      {data?.open.map((recovery) => (
        <div key={recovery.recoveryId} className={styles.open}>
          <h3 className={styles.heading}>{t("asks", { name })}</h3>
          <RecoveryState account={account} recovery={recovery} recoveries={data} />
          <OwnPart account={account} recovery={recovery} />
        </div>
      ))}
      <Sheet opened={isShown} onClose={showing.close} title={name}>
        <div className={styles.form}>
          <p className={styles.text}>{t("codeText")}</p>
          <QrCode text={codeLink({ account, name: names.get(account)?.name ?? "" }, location.origin)} label={name} />
          <Mono>{account}</Mono>
        </div>
      </Sheet>
    </Card>
  );
}

/** What this guardian has done about it, or may do. */
function OwnPart({ account, recovery: { recoveryId, guardians } }: { readonly account: string; readonly recovery: OpenRecovery }) {
  const t = useTexts(guardianTexts);
  const { own } = usePerson();
  const sign = useSigning();
  const queries = useQueryClient();
  const takingBack = useMutation({
    mutationFn: () => sign({ messages: [{ type: "accounts.withdrawApproval", value: { account } }] }),
    async onSuccess() {
      void notify({ title: t("tookBack"), message: "" });
      await queries.invalidateQueries({ queryKey: recoveriesKey });
    },
  });
  if (!guardians.includes(own.account))
    return <Helping recoveryId={recoveryId} message={{ type: "accounts.approveRecovery", value: { account, recoveryId } }} />;
  return (
    <div className={styles.form}>
      <Note tone="good">{t("youApproved")}</Note>
      {takingBack.error && !(takingBack.error instanceof NotSignedError) && (
        <Note tone="bad">{describeFailure(takingBack.error).text}</Note>
      )}
      <Button variant="light" color="rust" loading={takingBack.isPending} onClick={() => takingBack.mutate()}>
        {t("takeBack")}
      </Button>
    </div>
  );
}
