import { IconCircleCheck } from "@tabler/icons-react";
import { useFormats } from "../../frame/formats.ts";
import { useTexts } from "../../frame/texts.ts";
import { ListCard, ListLine } from "../../ui/list.tsx";
import { Empty, Failure, Loading } from "../../ui/state.tsx";
import { PageHeader, Section, Tag } from "../../ui/surface.tsx";
import styles from "./auditor.module.css";
import { type Houses, useHouses } from "./houses.ts";
import { type KnownReview, useNetworkReleases } from "./network-releases.ts";
import { Pseudonym } from "./pseudonym.tsx";
import { reviewTexts } from "./review-texts.ts";
import { UseCard } from "./use-card.tsx";
import { useWaitingUses } from "./waiting-uses.ts";

/** Readings in an emergency: those that somebody must judge, and what was judged. */
export function Page() {
  const t = useTexts(reviewTexts);
  const { data: uses, error, isPending, refetch } = useWaitingUses();
  const { reviews } = useNetworkReleases();
  const houses = useHouses((uses ?? []).map(({ reader }) => reader));
  return (
    <>
      <PageHeader title={t("title")} lead={t("lead")} />
      {isPending && <Loading>{t("loading")}</Loading>}
      {error && <Failure error={error} onRetry={() => void refetch()} />}
      {uses?.length === 0 && (
        <Empty icon={<IconCircleCheck size={30} />} title={t("none")}>
          {t("noneText")}
        </Empty>
      )}
      {uses && uses.length > 0 && (
        <Section title={t("waiting")}>
          <ul className={styles.cards}>
            {uses.map((use) => (
              <li key={use.releaseId}>
                <UseCard use={use} house={houses.houseOf(use.reader)} houseName={houses.nameOf(houses.houseOf(use.reader))} />
              </li>
            ))}
          </ul>
        </Section>
      )}
      {reviews.length > 0 && <Judged reviews={reviews} houses={houses} />}
    </>
  );
}

function Judged({ reviews, houses }: { readonly reviews: readonly KnownReview[]; readonly houses: Houses }) {
  const t = useTexts(reviewTexts);
  const formats = useFormats();
  return (
    <Section title={t("judged")}>
      <ListCard>
        {reviews.map(({ releaseId, judgement, organisation, height, reader }) => (
          <ListLine key={`${releaseId} ${organisation}`}>
            <span>
              <Tag tone={judgement === "justified" ? "good" : "bad"}>{t(judgement)}</Tag>{" "}
              {organisation === undefined ? t("byOwner") : t("byAuditor", { house: houses.nameOf(organisation) })}
            </span>
            <span className={styles.quiet}>
              <Pseudonym role={t("reader")} account={reader} /> · {t("inBlock", { height: formats.number(height) })}
            </span>
          </ListLine>
        ))}
      </ListCard>
    </Section>
  );
}
