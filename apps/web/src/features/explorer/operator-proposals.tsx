import { Button } from "@mantine/core";
import { useInfiniteQuery } from "@tanstack/react-query";
import { useTexts } from "../../frame/texts.ts";
import { useNetwork } from "../../network/network.tsx";
import { ProposalCard } from "../../proposals/proposal-card.tsx";
import { Failure, Loading } from "../../ui/state.tsx";
import { Section } from "../../ui/surface.tsx";
import styles from "./explorer.module.css";
import { fetchOpenProposals } from "./operator-facts.ts";
import { operatorTexts } from "./operator-texts.ts";

/** What is to be decided, in the words in which it would be signed, and everybody's vote. */
export function OpenProposals() {
  const t = useTexts(operatorTexts);
  const { data, error, isPending, refetch, hasNextPage, fetchNextPage, isFetchingNextPage } = useOpenProposals();
  const proposals = data?.pages.flatMap((page) => page.proposals);
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
      {hasNextPage && (
        <Button variant="default" size="lg" mt="lg" loading={isFetchingNextPage} onClick={() => void fetchNextPage()}>
          {t("moreProposals")}
        </Button>
      )}
    </Section>
  );
}

/** As far as one has looked back; anew whenever a block is sealed. */
function useOpenProposals() {
  const { data: network } = useNetwork();
  return useInfiniteQuery({
    queryKey: ["chain", "latest", "proposals"],
    enabled: network !== undefined,
    initialPageParam: undefined as number | undefined,
    queryFn: ({ pageParam }) => fetchOpenProposals(network!.client, pageParam),
    getNextPageParam: ({ next }) => next,
  });
}
