import { useTexts } from "../../frame/texts.ts";
import { useChain } from "../../network/use-chain.ts";
import { ProposalCard } from "../../proposals/proposal-card.tsx";
import { Failure, Loading } from "../../ui/state.tsx";
import { Section } from "../../ui/surface.tsx";
import styles from "./explorer.module.css";
import { fetchOpenProposals } from "./operator-facts.ts";
import { operatorTexts } from "./operator-texts.ts";

/** What is to be decided, in the words in which it would be signed, and everybody's vote. */
export function OpenProposals() {
  const t = useTexts(operatorTexts);
  const { data: proposals, error, isPending, refetch } = useChain(["latest", "proposals"], fetchOpenProposals);
  return (
    <Section title={t("proposals")}>
      {isPending && <Loading />}
      {error && <Failure error={error} onRetry={() => void refetch()} />}
      {proposals?.length === 0 && <p className={styles.quiet}>{t("noProposals")}</p>}
      <div className={styles.cards}>
        {proposals?.map((proposal) => (
          <ProposalCard key={proposal.proposalId} known={proposal} />
        ))}
      </div>
    </Section>
  );
}
