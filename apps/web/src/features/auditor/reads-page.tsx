import type { LoggedRelease } from "@galen/sdk/records/release-log";
import { IconEyeOff } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { useFormats } from "../../frame/formats.ts";
import { useTexts } from "../../frame/texts.ts";
import { Choices } from "../../ui/choices.tsx";
import { Fact, Figures } from "../../ui/facts.tsx";
import { ListCard } from "../../ui/list.tsx";
import { LiveMark } from "../../ui/live-mark.tsx";
import { Empty, Failure, Loading } from "../../ui/state.tsx";
import { PageHeader, Section } from "../../ui/surface.tsx";
import { partsOf, Windowed } from "../../ui/windowed.tsx";
import styles from "./auditor.module.css";
import { type Houses, useHouses } from "./houses.ts";
import { useNetworkReleases } from "./network-releases.ts";
import { PastChart } from "./past-chart.tsx";
import { ReadsChart } from "./reads-chart.tsx";
import { kindOf, ReleaseRow } from "./release-row.tsx";
import { auditorTexts } from "./texts.ts";
import { useWaitingUses } from "./waiting-uses.ts";

/** Who reads on the network: figures, course, and every single request as it happens. */
export function Page() {
  const t = useTexts(auditorTexts);
  const formats = useFormats();
  const { releases, since, isCaughtUp, error } = useNetworkReleases();
  const houses = useHouses(releases.map(({ reader }) => reader));
  return (
    <>
      <PageHeader title={t("readsTitle")} lead={t("readsLead")}>
        <LiveMark>{t("live")}</LiveMark>
      </PageHeader>
      {error !== undefined && error !== null && <Failure error={error} />}
      {!isCaughtUp && !error && <Loading>{t("loading")}</Loading>}
      {isCaughtUp && (
        <>
          <Totals releases={releases} />
          {since !== undefined && <p className={styles.quiet}>{t("since", { at: formats.dateTime(since) })}</p>}
          {releases.length > 0 && <ReadsChart releases={releases} houses={houses} />}
          <PastChart houses={houses} />
          {releases.length > 0 ? (
            <Latest releases={releases} houses={houses} />
          ) : (
            <Empty icon={<IconEyeOff size={30} />} title={t("none")}>
              {t("noneText")}
            </Empty>
          )}
        </>
      )}
    </>
  );
}

function Totals({ releases }: { readonly releases: readonly LoggedRelease[] }) {
  const t = useTexts(auditorTexts);
  const formats = useFormats();
  const { data: waiting } = useWaitingUses();
  const countOf = (kind: ReturnType<typeof kindOf>) => releases.filter((release) => kindOf(release) === kind).length;
  return (
    <Figures>
      <Fact name={t("reads")}>{formats.number(countOf("read") + countOf("emergency"))}</Fact>
      <Fact name={t("refusals")}>{formats.number(countOf("refused"))}</Fact>
      <Fact name={t("emergencies")}>{formats.number(countOf("emergency"))}</Fact>
      <Fact name={t("waiting")}>
        <Link to="/auditor/emergencies">{waiting === undefined ? "–" : formats.number(waiting.length)}</Link>
      </Fact>
    </Figures>
  );
}

/** Rows that are drawn at once, and the height of one, about. */
const PART = 50;
const ROW_PX = 95;
type Kind = "all" | "refused" | "emergency";

function Latest({ releases, houses }: { readonly releases: readonly LoggedRelease[]; readonly houses: Houses }) {
  const t = useTexts(auditorTexts);
  const [kind, setKind] = useState<Kind>("all");
  const chosen = releases.filter((release) => kind === "all" || kindOf(release) === kind);
  const choices = [
    { value: "all", label: t("all") },
    { value: "refused", label: t("refusals") },
    { value: "emergency", label: t("emergencies") },
  ] as const;
  return (
    <Section title={t("latest")}>
      <Choices<Kind> label={t("show")} value={kind} onChange={setKind} choices={choices} />
      {chosen.length === 0 ? (
        <p className={styles.quiet}>{t("noneOfThese")}</p>
      ) : (
        partsOf(chosen, PART).map((part, place) => (
          <Windowed key={place} guessedHeight={part.length * ROW_PX}>
            <div className={styles.part}>
              <ListCard>
                {part.map((release) => (
                  <li key={release.releaseId}>
                    <ReleaseRow release={release} house={houses.nameOf(houses.houseOf(release.reader))} />
                  </li>
                ))}
              </ListCard>
            </div>
          </Windowed>
        ))
      )}
    </Section>
  );
}
