import styles from "./time-bars.module.css";
import { ValueTable } from "./value-table.tsx";

/** Counts of one kind over time, one for each stretch of it. */
export interface BarRow {
  readonly key: string;
  readonly label: string;
  readonly values: readonly number[];
  /** What of `values` is to be seen as wrong. */
  readonly bad?: readonly number[];
  /** What stands beside the bars, such as the sum. */
  readonly total: string;
}

interface TimeBarsProps {
  readonly rows: readonly BarRow[];
  /** What the stretches are called, oldest first. */
  readonly stretches: readonly string[];
  readonly valuesLabel: string;
  readonly formatValue: (value: number, bad: number) => string;
}

/** Rows of bars on one scale and one time, so that they can be compared; every value as a line of a table below for those who do not see the picture. */
export function TimeBars(props: TimeBarsProps) {
  const { rows, stretches, valuesLabel } = props;
  const top = Math.max(1, ...rows.flatMap(({ values }) => values));
  return (
    <div>
      <ul className={styles.rows}>
        {rows.map((row) => (
          <li key={row.key} className={styles.row}>
            <span className={styles.label}>{row.label}</span>
            <Bars row={row} top={top} />
            <span className={styles.total}>{row.total}</span>
          </li>
        ))}
      </ul>
      <div className={styles.ends} aria-hidden="true">
        <span>{stretches[0]}</span>
        {stretches.length > 1 && <span>{stretches.at(-1)}</span>}
      </div>
      <ValueTable label={valuesLabel} lines={tableLines(props)} />
    </div>
  );
}

function Bars({ row: { values, bad = [] }, top }: { readonly row: BarRow; readonly top: number }) {
  return (
    <svg className={styles.bars} viewBox={`0 0 ${values.length} 100`} preserveAspectRatio="none" aria-hidden="true">
      <line className={styles.ground} x1="0" x2={values.length} y1="100" y2="100" vectorEffect="non-scaling-stroke" />
      {values.map((value, place) => {
        const [height, badHeight] = [(96 * value) / top, (96 * (bad[place] ?? 0)) / top];
        return (
          value > 0 && (
            <g key={place}>
              <rect className={styles.bar} x={place + 0.12} width="0.76" y={100 - height} height={height} />
              <rect className={styles.badBar} x={place + 0.12} width="0.76" y={100 - height} height={badHeight} />
            </g>
          )
        );
      })}
    </svg>
  );
}

/** Newest first, without what was nothing. */
function tableLines({ rows, stretches, formatValue }: TimeBarsProps) {
  return stretches
    .flatMap((heading, place) =>
      rows
        .filter(({ values }) => values[place]! > 0)
        .map(({ key, label, values, bad }) => ({
          key: `${place} ${key}`,
          heading,
          cells: [label, formatValue(values[place]!, bad?.[place] ?? 0)],
        })),
    )
    .toReversed();
}
