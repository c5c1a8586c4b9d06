import { lazy, Suspense, useDeferredValue, useState } from "react";
import { useTexts } from "../frame/texts.ts";
import { Choices } from "../ui/choices.tsx";
import { Note } from "../ui/surface.tsx";
import styles from "./chart.module.css";
import type { OpenedChart } from "./chart.ts";
import { ChartFacts } from "./chart-facts.tsx";
import { chartTexts } from "./chart-texts.ts";
import { TimelineView } from "./timeline-view.tsx";

const MeasurementsView = lazy(async () => ({ default: (await import("./measurements-view.tsx")).MeasurementsView }));
const KindsView = lazy(async () => ({ default: (await import("./kinds-view.tsx")).KindsView }));

const views = { time: TimelineView, measurements: MeasurementsView, kinds: KindsView } as const;
type View = keyof typeof views;

/** Opened records: what could not be opened, what matters now, and three ways to look at the rest. */
export function ChartViews({ chart }: { readonly chart: OpenedChart }) {
  const t = useTexts(chartTexts);
  const [view, setView] = useState<View>("time");
  // The choice is seen at once; what it shows takes a slow phone longer than a press may.
  const Shown = views[useDeferredValue(view)];
  return (
    <>
      {chart.unreadable.length > 0 && (
        <div className={styles.notes}>
          <Note tone="warn">{t("unreadable", { count: chart.unreadable.length })}</Note>
        </div>
      )}
      <ChartFacts chart={chart} />
      <Choices
        label={t("view")}
        value={view}
        onChange={setView}
        choices={(Object.keys(views) as View[]).map((value) => ({ value, label: t(`view.${value}`) }))}
      />
      <Suspense>
        <Shown chart={chart} />
      </Suspense>
    </>
  );
}
