import styles from "./line-chart.module.css";
import { ValueTable } from "./value-table.tsx";

export interface ChartPoint {
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly value: number;
  /** The value as it was measured. */
  readonly digits: string;
  readonly label: string;
  readonly valueLabel: string;
}

interface LineChartProps {
  /** Oldest first, at least one. */
  readonly points: readonly ChartPoint[];
  readonly normal?: { readonly low?: number | undefined; readonly high?: number | undefined } | undefined;
  /** What a screen reader says of the picture. */
  readonly summary: string;
  readonly valuesLabel: string;
}

/** More dots than this run into one another, and the line alone says as much. */
const MAX_DOTS = 200;

/** Percent of the picture. */
interface Place {
  readonly x: number;
  readonly y: number;
}

/** A course over time, with the normal range as a band and every value as a row below for those who do not see the picture. */
export function LineChart({ points, normal, summary, valuesLabel }: LineChartProps) {
  const { placeOf, heightOf, low, high } = scalesOf(points, normal);
  const places = points.map(placeOf);
  const dots = places.length <= MAX_DOTS ? places : places.slice(-1);
  return (
    <div>
      <div className={styles.chart} role="img" aria-label={summary}>
        <svg viewBox="0 0 100 100" preserveAspectRatio="none" aria-hidden="true">
          <NormalBand normal={normal} heightOf={heightOf} />
          {[...new Set([low.value, high.value])].map((value) => (
            <line
              key={value}
              className={styles.grid}
              x1="0"
              x2="100"
              y1={heightOf(value)}
              y2={heightOf(value)}
              vectorEffect="non-scaling-stroke"
            />
          ))}
          <polyline className={styles.line} points={places.map(({ x, y }) => `${x},${y}`).join(" ")} vectorEffect="non-scaling-stroke" />
        </svg>
        {dots.map(({ x, y }, index) => (
          <span
            key={`${x} ${index}`}
            className={styles.dot}
            data-last={index === dots.length - 1 ? "" : undefined}
            style={{ left: `${x}%`, top: `${y}%` }}
          />
        ))}
        <span className={styles.high} style={{ top: `${heightOf(high.value)}%` }}>
          {high.digits}
        </span>
        {low.value !== high.value && (
          <span className={styles.low} style={{ top: `${heightOf(low.value)}%` }}>
            {low.digits}
          </span>
        )}
      </div>
      <div className={styles.days} aria-hidden="true">
        <span>{points[0]!.label}</span>
        {points.length > 1 && <span>{points.at(-1)!.label}</span>}
      </div>
      <ValueTable label={valuesLabel} lines={tableLines(points)} />
    </div>
  );
}

function scalesOf(points: readonly ChartPoint[], normal: LineChartProps["normal"]) {
  const { low, high } = endsOf(points);
  const bounds = [low.value, high.value, normal?.low ?? low.value, normal?.high ?? high.value];
  const [bottom, top] = [Math.min(...bounds), Math.max(...bounds)];
  const [first, last] = [points[0]!.at, points.at(-1)!.at];
  const heightOf = (value: number) => (top === bottom ? 50 : 92 - (84 * (value - bottom)) / (top - bottom));
  const placeOf = ({ at, value }: ChartPoint): Place => ({
    x: last === first ? 50 : (100 * (at - first)) / (last - first),
    y: heightOf(value),
  });
  return { low, high, heightOf, placeOf };
}

/** The lowest and the highest of them. */
export function endsOf(points: readonly ChartPoint[]): { readonly low: ChartPoint; readonly high: ChartPoint } {
  // One by one: a call takes no hundred thousand arguments.
  const low = points.reduce((least, point) => (point.value < least.value ? point : least));
  const high = points.reduce((most, point) => (point.value > most.value ? point : most));
  return { low, high };
}

function NormalBand({ normal, heightOf }: { readonly normal: LineChartProps["normal"]; readonly heightOf: (value: number) => number }) {
  if (!normal) return null;
  const top = normal.high === undefined ? 0 : heightOf(normal.high);
  const bottom = normal.low === undefined ? 100 : heightOf(normal.low);
  return <rect className={styles.band} x="0" width="100" y={top} height={Math.max(0, bottom - top)} />;
}

/** Newest first. */
function tableLines(points: readonly ChartPoint[]) {
  return points.map(({ at, label, valueLabel }, place) => ({ key: `${at} ${place}`, heading: label, cells: [valueLabel] })).toReversed();
}
