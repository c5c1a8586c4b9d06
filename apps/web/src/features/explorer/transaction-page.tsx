import { GalenError } from "@galen/sdk/client/galen-error";
import { Button } from "@mantine/core";
import { Link, useParams } from "@tanstack/react-router";
import { FactCard } from "../../facts/fact-card.tsx";
import { describeFailure } from "../../frame/failure.ts";
import { Redirect } from "../../frame/redirect.tsx";
import { useTexts } from "../../frame/texts.ts";
import { useChain } from "../../network/use-chain.ts";
import { ActWords } from "../../signing/signing-sheet.tsx";
import { Failure, Loading } from "../../ui/state.tsx";
import { Card, Mono, PageHeader, Section, Tag } from "../../ui/surface.tsx";
import { fetchTransaction, type ShownTransaction } from "./chain-data.ts";
import styles from "./explorer.module.css";
import { explorerTexts } from "./texts.ts";
import { useFullWords } from "./transaction-words.ts";

/** One transaction in the words in which it was signed. An id of something else is looked up as a proof. */
export function Page() {
  const { txHash } = useParams({ strict: false }) as { readonly txHash: string };
  const { data, error, isPending, refetch } = useChain(["transaction", txHash], (client) => fetchTransaction(client, txHash));
  if (isPending) return <Loading />;
  if (error instanceof GalenError && error.id === "api/NotFound") return <Redirect to="/check" hash={txHash} />;
  if (error) return <Failure error={error} onRetry={() => void refetch()} />;
  return data && <Transaction transaction={data} />;
}

/** In the reader's language. */
function refusalWords(refusal: NonNullable<ShownTransaction["refusal"]>): string {
  return describeFailure(new GalenError({ ...refusal, status: 0 })).text;
}

function Transaction({ transaction: { txHash, height, bytes, refusal, events } }: { readonly transaction: ShownTransaction }) {
  const t = useTexts(explorerTexts);
  const body = useFullWords(bytes);
  return (
    <>
      <PageHeader title={t("transactionTitle")} lead={<Mono>{txHash}</Mono>}>
        <Button component={Link} to="/check" hash={txHash} variant="light">
          {t("proof")}
        </Button>
      </PageHeader>
      <p className={styles.line}>
        <Tag tone={refusal ? "bad" : "good"}>{t(refusal ? "refusedTx" : "done")}</Tag>
        <Link to={`/explorer/blocks/${height}`}>{t("inBlock", { height })}</Link>
        {refusal && <span>{refusalWords(refusal)}</span>}
      </p>
      {body && (
        <Section title={t("acts")}>
          {body.acts.map((act, index) => (
            <ActWords key={`${act.title} ${index}`} act={act} />
          ))}
          <Card>
            <ul className={styles.frame}>
              {body.frame.map((line) => (
                <li key={line}>{line}</li>
              ))}
            </ul>
          </Card>
        </Section>
      )}
      <Section title={t("events")}>
        {events.length === 0 && <p className={styles.quiet}>{t("noEvents")}</p>}
        <div className={styles.cards}>
          {events.map(({ type, data }, index) => (
            <FactCard key={`${type} ${index}`} fact={{ name: type, value: data }} />
          ))}
        </div>
      </Section>
    </>
  );
}
