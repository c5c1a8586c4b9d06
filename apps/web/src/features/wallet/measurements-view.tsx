import { IconChartLine } from "@tabler/icons-react";
import type { Chart } from "../../chart/chart.ts";
import type { Measurement } from "../../chart/measurements.ts";
import { useFormats } from "../../frame/formats.ts";
import { useTexts } from "../../frame/texts.ts";
import { LineChart } from "../../ui/line-chart.tsx";
import { Empty } from "../../ui/state.tsx";
import { Card, Tag } from "../../ui/surface.tsx";
import { walletTexts } from "./texts.ts";
import styles from "./wallet.module.css";

/** Laboratory values and vital signs over the years. */
export function MeasurementsView({ chart }: { readonly chart: Chart }) {
  const t = useTexts(walletTexts);
  if (chart.measurements.length === 0) {
    return (
      <Empty icon={<IconChartLine size={30} />} title={t("noMeasurements")}>
        {t("noMeasurementsText")}
      </Empty>
    );
  }
  return (
    <div className={styles.charts}>
      {chart.measurements.map((measurement) => (
        <MeasurementCard key={measurement.id} measurement={measurement} />
      ))}
    </div>
  );
}

function MeasurementCard({ measurement: { name, unit, readings, normal } }: { readonly measurement: Measurement }) {
  const t = useTexts(walletTexts);
  const formats = useFormats();
  const withUnit = (digits: string) => (unit === "" ? digits : `${digits} ${unit}`);
  const points = readings.map(({ day, value, digits }) => {
    return { at: Date.parse(day), value, label: formats.date(Date.parse(day)), valueLabel: withUnit(digits) };
  });
  const [first, last] = [points[0]!, points.at(-1)!];
  const side = sideOf(last.value, normal);
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
        formatValue={formats.number}
      />
    </Card>
  );
}

function sideOf(value: number, normal: Measurement["normal"]): "above" | "below" | undefined {
  if (normal?.high !== undefined && value > normal.high) return "above";
  return normal?.low !== undefined && value < normal.low ? "below" : undefined;
}
