import { countReleases } from "@galen/sdk/records/release-counts";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { usePurposeWords } from "../../chart/purpose-words.ts";
import { useTexts } from "../../frame/texts.ts";
import { useNetwork } from "../../network/network.tsx";
import { Choices } from "../../ui/choices.tsx";
import { Failure, Loading } from "../../ui/state.tsx";
import { Section } from "../../ui/surface.tsx";
import styles from "./auditor.module.css";
import { CountBy, type CountedBy } from "./count-by.tsx";
import type { Houses } from "./houses.ts";
import { type Span, startOf, tallyOf } from "./tally.ts";
import { TallyCard } from "./tally-card.tsx";
import { auditorTexts } from "./texts.ts";

const DAY_MS = 86_400_000;
const spans = { month: { stepMs: DAY_MS, count: 28 }, year: { stepMs: 28 * DAY_MS, count: 13 } } as const satisfies Record<string, Span>;
type Reach = keyof typeof spans;

/** Requests of weeks and months, as the node counts them: further back than it tells single ones. */
export function PastChart({ houses }: { readonly houses: Houses }) {
  const t = useTexts(auditorTexts);
  const purposeWords = usePurposeWords();
  const [by, setBy] = useState<CountedBy>("purpose");
  const [reach, setReach] = useState<Reach>("month");
  const { data: network } = useNetwork();
  const span = spans[reach];
  const { data, error, refetch } = useQuery({
    queryKey: ["chain", "release-counts", by, reach],
    enabled: network !== undefined,
    async queryFn() {
      const now = Date.now();
      return { now, counts: await countReleases(network!.client, { by, from: startOf(span, now), stepMs: span.stepMs }) };
    },
  });
  const nameOf = (kind: string) => (by === "purpose" ? purposeWords(kind) : houses.nameOf(kind === "" ? undefined : kind));
  const choices = [
    { value: "month", label: t("reach.month") },
    { value: "year", label: t("reach.year") },
  ] as const;
  return (
    <Section title={t("further")}>
      <div className={styles.choices}>
        <Choices<Reach> label={t("reach")} value={reach} onChange={setReach} choices={choices} />
        <CountBy value={by} onChange={setBy} />
      </div>
      {error && <Failure error={error} onRetry={() => void refetch()} />}
      {!data && !error && <Loading>{t("loading")}</Loading>}
      {data?.counts.length === 0 && <p className={styles.quiet}>{t("noneInTime")}</p>}
      {data && data.counts.length > 0 && <TallyCard {...tallyOf(data.counts, { span, now: data.now, nameOf })} />}
    </Section>
  );
}
