import { IconChartLine } from "@tabler/icons-react";
import { useMemo } from "react";
import { useFormats } from "../frame/formats.ts";
import { useTexts } from "../frame/texts.ts";
import { LineChart } from "../ui/line-chart.tsx";
import { List, ListLine } from "../ui/list.tsx";
import { LongList } from "../ui/long-list.tsx";
import { Empty } from "../ui/state.tsx";
import { Card, Tag } from "../ui/surface.tsx";
import styles from "./chart.module.css";
import type { Chart } from "./chart.ts";
import { measurementTexts } from "./measurement-texts.ts";
import { type Measurement, measurementsIn, sideOf } from "./measurements.ts";

/** Laboratory values and vital signs over the years; who looks at nothing of them waits for none of it. */
export function MeasurementsView({ chart: { documents } }: { readonly chart: Chart }) {
  const t = useTexts(measurementTexts);
  const measurements = useMemo(() => measurementsIn(documents), [documents]);
  if (measurements.length === 0) {
    return (
      <Empty icon={<IconChartLine size={30} />} title={t("noMeasurements")}>
        {t("noMeasurementsText")}
      </Empty>
    );
  }
  const repeated = measurements.filter(({ readings }) => readings.length > 1);
  const once = measurements.filter(({ readings }) => readings.length === 1);
  return (
    <>
      <LongList items={repeated}>
        {(shown) => (
          <div className={styles.charts}>
            {shown.map((measurement) => (
              <MeasurementCard key={measurement.id} measurement={measurement} />
            ))}
          </div>
        )}
      </LongList>
      {once.length > 0 && <MeasuredOnce measurements={once} />}
    </>
  );
}

/** A line is enough for what has no course. */
function MeasuredOnce({ measurements }: { readonly measurements: readonly Measurement[] }) {
  const t = useTexts(measurementTexts);
  const formats = useFormats();
  return (
    <Card className={styles.once}>
      <h2>{t("once")}</h2>
      <LongList items={measurements}>
        {(shown) => (
          <List>
            {shown.map(({ id, name, unit, readings: [reading] }) => (
              <ListLine key={id}>
                <strong>{name}</strong>
                <span>{unit === "" ? reading!.digits : `${reading!.digits} ${unit}`}</span>
                <span className={styles.quiet}>{formats.day(reading!.day)}</span>
              </ListLine>
            ))}
          </List>
        )}
      </LongList>
    </Card>
  );
}

function MeasurementCard({ measurement: { name, unit, readings, normal } }: { readonly measurement: Measurement }) {
  const t = useTexts(measurementTexts);
  const formats = useFormats();
  const withUnit = (digits: string) => (unit === "" ? digits : `${digits} ${unit}`);
  const points = readings.map(({ day, at, value, digits }) => {
    return { at, value, digits, label: formats.day(day), valueLabel: withUnit(digits) };
  });
  const [first, last] = [points[0]!, points.at(-1)!];
  const side = sideOf(readings.at(-1)!, normal);
  return (
    <Card>
      <h3 className={styles.chartTitle}>{name}</h3>
      <p className={styles.chartValue}>
        {t("latest", { value: last.valueLabel, day: last.label })}
        {side !== undefined && <Tag tone="warn">{t(side)}</Tag>}
      </p>
      <LineChart
        points={points}
        normal={normal}
        summary={t("chartSummary", { name, count: points.length, first: first.label, last: last.label, value: last.valueLabel })}
        valuesLabel={t("values", { count: points.length })}
      />
    </Card>
  );
}
