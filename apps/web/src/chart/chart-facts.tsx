import { IconFlower, IconPill, IconStethoscope } from "@tabler/icons-react";
import { lazy, type ReactNode, Suspense } from "react";
import { useFormats } from "../frame/formats.ts";
import { useTexts } from "../frame/texts.ts";
import { LongList } from "../ui/long-list.tsx";
import { Card } from "../ui/surface.tsx";
import { conflictsBetween } from "./allergy-conflicts.ts";
import styles from "./chart.module.css";
import { type Chart, type Finding, inForce } from "./chart.ts";
import { useChartPlace } from "./chart-place.ts";
import { chartTexts } from "./chart-texts.ts";
import { ConflictNotes } from "./conflict-notes.tsx";

/** Few records hold what is in doubt, and the first page waits for no words that it does not show. */
const DoubtTag = lazy(async () => ({ default: (await import("./doubt-tag.tsx")).DoubtTag }));

/** What whoever treats this person must know first. */
export function ChartFacts({ chart }: { readonly chart: Chart }) {
  const t = useTexts(chartTexts);
  const { reader } = useChartPlace();
  const conflicts = conflictsBetween(chart.allergies, chart.medication);
  return (
    <>
      <ConflictNotes conflicts={conflicts} reader={reader} />
      <div className={styles.facts}>
        <FactCard
          icon={<IconFlower size={20} />}
          title={t("allergies")}
          none={t(chart.allergies.length === 0 ? "noAllergies" : "noneNow")}
          findings={inForce(chart.allergies)}
        />
        <FactCard icon={<IconPill size={20} />} title={t("medication")} none={t("noMedication")} findings={inForce(chart.medication)} />
        <FactCard
          icon={<IconStethoscope size={20} />}
          title={t("conditions")}
          none={t(chart.conditions.length === 0 ? "noConditions" : "noneNow")}
          findings={inForce(chart.conditions)}
        />
      </div>
    </>
  );
}

interface FactCardProps {
  readonly icon: ReactNode;
  readonly title: string;
  readonly none: string;
  readonly findings: readonly Finding[];
}

function FactCard({ icon, title, none, findings }: FactCardProps) {
  const t = useTexts(chartTexts);
  const formats = useFormats();
  return (
    <Card className={styles.fact}>
      <h2>
        <span aria-hidden="true">{icon}</span>
        {title}
      </h2>
      {findings.length === 0 && <span className={styles.quiet}>{none}</span>}
      <LongList items={findings}>
        {(shown) => (
          <ul>
            {shown.map(({ name, day, doubt }, index) => (
              <li key={name || index}>
                <span className={styles.factName}>{name || t("unnamedMedicine")}</span>
                <Suspense>{doubt && <DoubtTag doubt={doubt} />}</Suspense>
                {day !== undefined && <span className={styles.quiet}>{t("since", { day: formats.day(day) })}</span>}
              </li>
            ))}
          </ul>
        )}
      </LongList>
    </Card>
  );
}
