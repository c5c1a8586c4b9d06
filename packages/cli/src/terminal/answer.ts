import { stdout } from "node:process";
import { calmJson } from "@galen/sdk/acts/inert";

/** What a verb found or did: as data, and in words. */
export interface Answer {
  /** One object or list; everything of it can be written as JSON. */
  readonly json: unknown;
  readonly text: string;
}

/** Prints an answer; with `json` exactly one JSON value and nothing else. */
export function printAnswer({ json, text }: Answer, { json: asJson }: { readonly json?: boolean | undefined }): void {
  const printed = asJson ? calmJson(JSON.stringify(json, undefined, 2)) : text;
  if (printed !== "") stdout.write(`${printed}\n`);
}

/** Rows under headings, each column as wide as its widest cell. */
export function table(headings: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = headings.map((heading, column) => Math.max(heading.length, ...rows.map((row) => row[column]?.length ?? 0)));
  return [headings, ...rows]
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column]!))
        .join("  ")
        .trimEnd(),
    )
    .join("\n");
}

/** `20.0 %` for 0.2; a dash for a share of nothing. */
export function percent(share: number): string {
  return Number.isFinite(share) ? `${(share * 100).toFixed(1)} %` : "-";
}

/** "1 grant", "2 grants". */
export function count(number: number, noun: string): string {
  return `${number.toLocaleString("en")} ${noun}${number === 1 ? "" : "s"}`;
}

/** A time on the ledger (milliseconds since 1970) as a person reads it, in UTC. */
export function time(at: number): string {
  return `${new Date(at).toISOString().slice(0, 19).replace("T", " ")}Z`;
}

/** Beginning of an id, enough to tell a person's records apart and to name them to `records show`. */
export function shortId(id: string): string {
  return id.slice(0, 12);
}
