import { describeMessages } from "@galen/sdk/acts/describe-act";
import { custodiansIn } from "@galen/sdk/custody/custodian-organisations";
import type { KnownProposal } from "@galen/sdk/proposals/proposal";
import type { ReactNode } from "react";
import { useFormats } from "../frame/formats.ts";
import { useLanguage, useTexts } from "../frame/texts.ts";
import { callInActs, shortId, useNames } from "../keys/names.ts";
import { useCustodianOrganisations } from "../network/custodians.ts";
import { refusalTexts } from "../refusals/refusal-texts.ts";
import { ActWords } from "../signing/signing-sheet.tsx";
import { Fact, Facts } from "../ui/facts.tsx";
import { Failure } from "../ui/state.tsx";
import { Card } from "../ui/surface.tsx";
import { proposalTexts } from "./proposal-texts.ts";
import styles from "./proposals.module.css";

interface CardProps {
  readonly known: KnownProposal;
  /** What can be done about it. */
  readonly children?: ReactNode;
}

/** What is to be decided, in the words in which it would be signed, and everybody's vote. */
export function ProposalCard({ known: { messages, decoded, proposal, counting, waitsFor }, children }: CardProps) {
  const t = useTexts(proposalTexts);
  const refusal = useTexts(refusalTexts);
  const formats = useFormats();
  const language = useLanguage();
  const names = useNames();
  const { data: custodians, error, refetch } = useCustodianOrganisations(custodiansIn(decoded));
  const nameOf = (account: string) => names.get(account)?.name ?? shortId(account);
  const { proposer, asked, declined, ending, createdAt, expiresAt } = proposal;
  const silent = asked.filter((account) => !counting.includes(account) && !declined.includes(account));
  const votes = [
    ["approved", counting],
    ["declined", declined],
    ["open", silent],
  ] as const;
  const head = ending
    ? t("proposedPast", { name: nameOf(proposer), at: formats.dateTime(createdAt) })
    : t("proposedBy", { name: nameOf(proposer), at: formats.dateTime(expiresAt) });
  return (
    <Card className={styles.card}>
      <p className={styles.quiet}>{head}</p>
      {error && <Failure error={error} onRetry={() => void refetch()} />}
      {custodians &&
        describeMessages(messages, { language, names: callInActs(names), custodians }).map((act, place) => (
          <ActWords key={`${place} ${act.title}`} act={act} />
        ))}
      <Facts columnWidth={16}>
        {votes.map(([vote, accounts]) => (
          <Fact key={vote} name={t(vote)}>
            {accounts.length === 0 ? t("nobody") : formats.list(accounts.map(nameOf))}
          </Fact>
        ))}
      </Facts>
      {waitsFor && !ending && <p className={styles.against}>{t("waitsFor", { reason: refusal(waitsFor.id) })}</p>}
      {/* Nobody votes on what is not told. */}
      {custodians && children}
    </Card>
  );
}
