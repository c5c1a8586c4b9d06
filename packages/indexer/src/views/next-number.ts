import { sql } from "kysely";

/** What the next row of a table is numbered, from 0. Rows are never deleted; the highest number is found by its index, where counting would read them all. */
export function nextNumber(table: "grants" | "proposals" | "validator_sets") {
  return sql<number>`(select coalesce(max(number) + 1, 0) from ${sql.table(table)})`;
}
