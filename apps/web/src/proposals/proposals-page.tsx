import { IconSignature } from "@tabler/icons-react";
import { useFormats } from "../frame/formats.ts";
import { useTexts } from "../frame/texts.ts";
import { shortId, useNames } from "../keys/names.ts";
import { usePerson } from "../keys/person.ts";
import { Empty, Failure, Loading } from "../ui/state.tsx";
import { PageHeader, Section, Tag } from "../ui/surface.tsx";
import { canVote, type OwnProposal, useOwnProposals, useProposalsOf } from "./own-proposals.ts";
import { ProposalCard } from "./proposal-card.tsx";
import styles from "./proposals.module.css";
import { proposalsTexts } from "./proposals-texts.ts";
import { VoteButtons } from "./vote-buttons.tsx";

/** What waits for the person's signature, in words, and what became of the rest. Requests for access have a page of their own. */
export function Page() {
  const t = useTexts(proposalsTexts);
  const { own, saved } = usePerson();
  const { data, error, isPending, refetch } = useOwnProposals();
  const decisions = data?.filter(({ request }) => request === undefined);
  const now = Date.now();
  // The longest waiting comes first, so that none that arrives moves what is being read.
  const waiting = decisions?.filter(({ known }) => canVote(known, own.account, now)).toReversed() ?? [];
  const open = decisions?.filter((one) => !waiting.includes(one) && isOpen(one, now)) ?? [];
  const past = decisions?.filter((one) => !isOpen(one, now)) ?? [];
  return (
    <>
      <PageHeader title={t("title")} lead={t("lead")} />
      {isPending && <Loading>{t("loading")}</Loading>}
      {error && <Failure error={error} onRetry={() => void refetch()} />}
      {decisions && waiting.length === 0 && (
        <Empty icon={<IconSignature size={30} />} title={t("none")}>
          {t("noneText")}
        </Empty>
      )}
      <Proposals title={t("waiting")} proposals={waiting} />
      {saved.worksFor !== undefined && <HouseProposals house={saved.worksFor} />}
      <Proposals title={t("own")} proposals={open} />
      <Proposals title={t("past")} proposals={past} />
    </>
  );
}

function isOpen({ known: { proposal } }: OwnProposal, now: number): boolean {
  return proposal.ending === undefined && now < proposal.expiresAt;
}

interface ProposalsProps {
  readonly title: string;
  readonly proposals: readonly OwnProposal[];
}

function Proposals({ title, proposals }: ProposalsProps) {
  const t = useTexts(proposalsTexts);
  const formats = useFormats();
  if (proposals.length === 0) return null;
  return (
    <Section title={title}>
      <div className={styles.cards}>
        {proposals.map(({ known }) => {
          const { ending, expiresAt } = known.proposal;
          const { how, at } = ending ?? { how: "expired" as const, at: expiresAt };
          return (
            <ProposalCard key={known.proposalId} known={known}>
              {isOpen({ known, request: undefined }, Date.now()) ? (
                <VoteButtons known={known} />
              ) : (
                <p>
                  <Tag tone={how === "executed" ? "good" : "plain"}>{t(`ending.${how}`, { at: formats.dateTime(at) })}</Tag>
                </p>
              )}
            </ProposalCard>
          );
        })}
      </div>
    </Section>
  );
}

/** What the person's house is asked: its own keys sign. */
function HouseProposals({ house }: { readonly house: string }) {
  const t = useTexts(proposalsTexts);
  const name = useNames().get(house)?.name ?? shortId(house);
  const { data } = useProposalsOf(house);
  const waiting = data?.filter(({ known, request }) => request === undefined && canVote(known, house, Date.now())) ?? [];
  if (waiting.length === 0) return null;
  return (
    <Section title={t("house", { name })}>
      <p className={styles.quiet}>{t("houseText", { name })}</p>
      <div className={styles.cards}>
        {waiting.map(({ known }) => (
          <ProposalCard key={known.proposalId} known={known} />
        ))}
      </div>
    </Section>
  );
}
