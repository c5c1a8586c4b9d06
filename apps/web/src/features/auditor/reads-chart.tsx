import type { LoggedRelease } from "@galen/sdk/records/release-log";
import { useState } from "react";
import { usePurposeWords } from "../../chart/purpose-words.ts";
import { useFormats } from "../../frame/formats.ts";
import { useTexts } from "../../frame/texts.ts";
import { Choices } from "../../ui/choices.tsx";
import { Card, Section } from "../../ui/surface.tsx";
import { TimeBars } from "../../ui/time-bars.tsx";
import styles from "./auditor.module.css";
import type { Houses } from "./houses.ts";
import { type Tally, tally } from "./tally.ts";
import { auditorTexts } from "./texts.ts";

/** Requests over time, by what they were for or by who asked. */
export function ReadsChart({ releases, houses }: { readonly releases: readonly LoggedRelease[]; readonly houses: Houses }) {
  const t = useTexts(auditorTexts);
  const formats = useFormats();
  const purposeWords = usePurposeWords();
  const [by, setBy] = useState<"purpose" | "house">("purpose");
  const kindOf = ({ purpose, reader }: LoggedRelease) => (by === "purpose" ? purposeWords(purpose) : houses.nameOf(houses.houseOf(reader)));
  const happenings = releases.map((release) => ({ at: release.at, kind: kindOf(release), isBad: release.outcome.kind === "refused" }));
  const { stepMs, starts, rows } = tally(happenings, Date.now());
  return (
    <Section title={t("overTime")}>
      <Choices
        label={t("countBy")}
        value={by}
        onChange={setBy}
        choices={[
          { value: "purpose", label: t("byPurpose") },
          { value: "house", label: t("byHouse") },
        ]}
      />
      <Card>
        <p className={styles.legend}>
          <span data-tone="good">{t("legendRead")}</span>
          <span data-tone="bad">{t("legendRefused")}</span>
          <span>{t("stepText", { step: useStepWords()(stepMs) })}</span>
        </p>
        <TimeBars
          rows={rows.map(({ kind, values, bad, sum }) => ({ key: kind, label: kind, values, bad, total: formats.number(sum) }))}
          stretches={starts.map(stepMs < DAY_MS ? formats.dateTime : formats.date)}
          valuesLabel={t("allValues")}
          formatValue={(count, bad) => t("value", { count, bad })}
        />
      </Card>
    </Section>
  );
}

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

function useStepWords(): (stepMs: Tally["stepMs"]) => string {
  const t = useTexts(auditorTexts);
  return (stepMs) => {
    if (stepMs >= DAY_MS) return t("step.day", { count: stepMs / DAY_MS });
    return stepMs >= HOUR_MS ? t("step.hour", { count: stepMs / HOUR_MS }) : t("step.minute", { count: stepMs / MINUTE_MS });
  };
}
