import { describeMessages } from "@galen/sdk/acts/describe-act";
import type { KnownProposal } from "@galen/sdk/proposals/proposal";
import { useFormats } from "../../frame/formats.ts";
import { useLanguage, useTexts } from "../../frame/texts.ts";
import { shortId, useNames } from "../../keys/names.ts";
import { useChain } from "../../network/use-chain.ts";
import { ActWords } from "../../signing/signing-sheet.tsx";
import { Failure, Loading } from "../../ui/state.tsx";
import { Card, Section } from "../../ui/surface.tsx";
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

function ProposalCard({ known: { messages, proposal, counting, waitsFor } }: { readonly known: KnownProposal }) {
  const t = useTexts(operatorTexts);
  const formats = useFormats();
  const language = useLanguage();
  const names = useNames();
  const nameOf = (account: string) => names.get(account)?.name ?? shortId(account);
  const silent = proposal.asked.filter((account) => !counting.includes(account) && !proposal.declined.includes(account));
  const votes = [
    ["approved", counting],
    ["declined", proposal.declined],
    ["open", silent],
  ] as const;
  return (
    <Card>
      <p className={styles.quiet}>{t("proposedBy", { name: nameOf(proposal.proposer), at: formats.dateTime(proposal.expiresAt) })}</p>
      {describeMessages(messages, { language, names: (id) => names.get(id)?.name }).map((act, place) => (
        <ActWords key={`${place} ${act.title}`} act={act} />
      ))}
      <dl className={styles.facts}>
        {votes.map(([vote, accounts]) => (
          <div key={vote}>
            <dt>{t(vote)}</dt>
            <dd>{accounts.length === 0 ? t("nobody") : formats.list(accounts.map(nameOf))}</dd>
          </div>
        ))}
      </dl>
      {waitsFor && <p className={styles.afterword}>{t("waitsFor", { reason: waitsFor.sentence })}</p>}
    </Card>
  );
}
