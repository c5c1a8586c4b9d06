import { LongList } from "./long-list.tsx";
import styles from "./value-table.module.css";

interface ValueTableProps {
  readonly label: string;
  readonly lines: readonly {
    readonly key: string;
    /** Such as the day. */
    readonly heading: string;
    /** What stands beside it, the value last. */
    readonly cells: readonly string[];
  }[];
}

/** The values of a chart as a table, for whoever wants to read them or cannot see the chart. */
export function ValueTable({ label, lines }: ValueTableProps) {
  return (
    <details className={styles.values}>
      <summary>{label}</summary>
      <LongList items={lines}>
        {(shown) => (
          <table>
            <tbody>
              {shown.map(({ key, heading, cells }) => (
                <tr key={key}>
                  <th scope="row">{heading}</th>
                  {cells.map((cell, place) => (
                    <td key={place}>{cell}</td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        )}
      </LongList>
    </details>
  );
}
