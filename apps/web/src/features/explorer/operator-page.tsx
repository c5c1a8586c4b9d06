import { IconAlertTriangle, IconCircleCheck } from "@tabler/icons-react";
import { useTexts } from "../../frame/texts.ts";
import { useLiveBlocks } from "../../hearing/use-live-blocks.ts";
import { shortId, useNames } from "../../keys/names.ts";
import { useChain } from "../../network/use-chain.ts";
import { Failure, Loading } from "../../ui/state.tsx";
import { PageHeader, type Tone } from "../../ui/surface.tsx";
import styles from "./operator.module.css";
import { fetchOperatorFacts, type OperatorFacts } from "./operator-facts.ts";
import { type Finding, findingsOf } from "./operator-findings.ts";
import { CustodianShares, OtherNodes } from "./operator-network.tsx";
import { NodeFacts } from "./operator-node.tsx";
import { VotingPower } from "./operator-power.tsx";
import { OpenProposals } from "./operator-proposals.tsx";
import { operatorTexts } from "./operator-texts.ts";

/** One page that tells what is wrong first, then everything else, in the order in which it breaks. */
export function Page() {
  const t = useTexts(operatorTexts);
  useLiveBlocks();
  const { data: facts, error, isPending, refetch } = useChain(["latest", "operator"], fetchOperatorFacts);
  return (
    <>
      <PageHeader title={t("title")} lead={t("lead")} />
      {isPending && <Loading />}
      {error && <Failure error={error} onRetry={() => void refetch()} />}
      {facts && (
        <>
          <Verdict facts={facts} />
          <NodeFacts facts={facts} />
          <OtherNodes facts={facts} />
          <VotingPower facts={facts} />
          <CustodianShares facts={facts} />
          <OpenProposals />
        </>
      )}
    </>
  );
}

function Verdict({ facts }: { readonly facts: OperatorFacts }) {
  const t = useTexts(operatorTexts);
  const findings = findingsOf(facts);
  const badCount = findings.filter(({ tone }) => tone === "bad").length;
  const tone: Tone = findings[0]?.tone ?? "good";
  const Icon = tone === "good" ? IconCircleCheck : IconAlertTriangle;
  return (
    <section className={styles.verdict} data-tone={tone} role={tone === "bad" ? "alert" : "status"}>
      <Icon size={44} stroke={1.75} aria-hidden="true" />
      <div>
        <h2>{tone === "good" ? t("wellTitle") : tone === "bad" ? t("badTitle", { count: badCount }) : t("warnTitle")}</h2>
        {findings.length === 0 && <p>{t("wellText")}</p>}
        <ul>
          {findings.map((finding) => (
            <FindingWords key={JSON.stringify(finding)} finding={finding} />
          ))}
        </ul>
      </div>
    </section>
  );
}

function FindingWords({ finding: { kind, tone, values } }: { readonly finding: Finding }) {
  const t = useTexts(operatorTexts);
  const names = useNames();
  const { organisation } = values;
  const named =
    typeof organisation === "string" ? { ...values, organisation: names.get(organisation)?.name ?? shortId(organisation) } : values;
  return (
    <li data-tone={tone}>
      <strong>{t(`finding.${kind}`, named)}</strong> {t(`finding.${kind}.do`)}
    </li>
  );
}
