import { useFormats } from "../../frame/formats.ts";
import { useTexts } from "../../frame/texts.ts";
import { usePerson } from "../../keys/person.ts";
import { ListCard, ListLine } from "../../ui/list.tsx";
import { Failure, Loading } from "../../ui/state.tsx";
import { Note, PageHeader, Section, Tag } from "../../ui/surface.tsx";
import styles from "./auditor.module.css";
import { useHouses } from "./houses.ts";
import { useNetworkReleases } from "./network-releases.ts";
import { Pseudonym } from "./pseudonym.tsx";
import { ReleaseRow } from "./release-row.tsx";
import { reviewTexts } from "./review-texts.ts";

/** What the auditor leaves on the ledger, and what not. */
export function Page() {
  const t = useTexts(reviewTexts);
  const formats = useFormats();
  const { own } = usePerson();
  const { releases, reviews, isCaughtUp, error } = useNetworkReleases();
  const houses = useHouses([own.account]);
  const myReviews = reviews.filter(({ by }) => by === own.account);
  const myReads = releases.filter(({ reader }) => reader === own.account);
  return (
    <>
      <PageHeader title={t("tracesTitle")} lead={t("tracesLead")} />
      <Note tone="brand">{t("tracesText")}</Note>
      {error !== undefined && error !== null && <Failure error={error} />}
      {!isCaughtUp && !error && <Loading />}
      {isCaughtUp && (
        <>
          <Section title={t("myReviews")}>
            {myReviews.length === 0 ? (
              <p className={styles.quiet}>{t("noReviews")}</p>
            ) : (
              <ListCard>
                {myReviews.map(({ releaseId, judgement, reader, height }) => (
                  <ListLine key={releaseId}>
                    <span>
                      <Tag tone={judgement === "justified" ? "good" : "bad"}>{t(judgement)}</Tag>
                    </span>
                    <span className={styles.quiet}>
                      <Pseudonym role={t("reader")} account={reader} /> · {t("inBlock", { height: formats.number(height) })}
                    </span>
                  </ListLine>
                ))}
              </ListCard>
            )}
          </Section>
          <Section title={t("myReads")}>
            {myReads.length === 0 ? (
              <p className={styles.quiet}>{t("noReads")}</p>
            ) : (
              <ListCard>
                {myReads.map((release) => (
                  <li key={release.releaseId}>
                    <ReleaseRow release={release} house={houses.nameOf(houses.houseOf(release.reader))} />
                  </li>
                ))}
              </ListCard>
            )}
          </Section>
        </>
      )}
    </>
  );
}
