import { useFormats } from "../../frame/formats.ts";
import { useTexts } from "../../frame/texts.ts";
import { Card } from "../../ui/surface.tsx";
import { TimeBars } from "../../ui/time-bars.tsx";
import styles from "./auditor.module.css";
import type { Tally } from "./tally.ts";
import { auditorTexts } from "./texts.ts";

/** Counts over time, kind by kind, with what the marks mean. */
export function TallyCard({ stepMs, starts, rows }: Tally) {
  const t = useTexts(auditorTexts);
  const formats = useFormats();
  const step = useStepWords()(stepMs);
  return (
    <Card>
      <p className={styles.legend}>
        <span data-tone="good">{t("legendRead")}</span>
        <span data-tone="bad">{t("legendRefused")}</span>
        <span>{t("stepText", { step })}</span>
      </p>
      <TimeBars
        rows={rows.map(({ kind, values, bad, sum }) => ({ key: kind, label: kind, values, bad, total: formats.number(sum) }))}
        stretches={starts.map(stepMs < DAY_MS ? formats.dateTime : formats.date)}
        valuesLabel={t("allValues")}
        formatValue={(count, bad) => t("value", { count, bad })}
      />
    </Card>
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
