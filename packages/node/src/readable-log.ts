import { calm } from "@galen/sdk/acts/inert";
import { levels } from "pino";

/** From this level on a line tells of something that somebody should know. */
const WARN = levels.values.warn!;

/**
 * What the lines of a node's output say to a person: its own lines from `warn` up, with the error that they carry, and what is no line of its log, such as
 * the sentence by which a process says why it ends. Lines of everyday are left out, and errors that a later line tells again.
 */
export function readableLines(output: string): readonly string[] {
  const told = output
    .split("\n")
    .filter((line) => line.trim() !== "")
    .map((line) => ({ line, entry: logEntry(line) }))
    .filter(({ entry }) => entry === undefined || entry.level >= WARN);
  const isToldAgain = (reason: string, at: number) =>
    told.slice(at + 1).some(({ line, entry }) => entry === undefined && line.toLowerCase().includes(reason.toLowerCase()));
  return told.flatMap(({ line, entry }, at) => {
    if (entry === undefined) return [line];
    return entry.err !== undefined && isToldAgain(entry.err.message, at) ? [] : [readable(entry)];
  });
}

/** What a line of a node's log says to a person, at whatever level; what is none stays as it is. */
export function readableLine(line: string): string {
  const entry = logEntry(line);
  return entry === undefined ? line : readable(entry);
}

interface LogEntry extends Readonly<Record<string, unknown>> {
  readonly level: number;
  /** Milliseconds since 1970. */
  readonly time: number;
  readonly msg: string;
  readonly err?: { readonly message: string };
}

/** Undefined for what the logger has not written. */
function logEntry(line: string): LogEntry | undefined {
  if (!line.startsWith('{"level":')) return undefined;
  try {
    const entry = JSON.parse(line) as Partial<LogEntry>;
    const { level, time, msg, err = { message: "" } } = entry;
    const isWhole = typeof level === "number" && typeof time === "number" && typeof msg === "string" && typeof err.message === "string";
    return isWhole ? (entry as LogEntry) : undefined;
  } catch {
    return undefined; // cut off by the end of the process: shown as it is
  }
}

/** They tell a collector of logs where a line is from; a person who reads it is there. */
const ORIGIN = ["pid", "hostname"];

function readable({ level, time, msg, err, ...details }: LogEntry): string {
  const reason = err === undefined ? "" : `: ${err.message}`;
  const told = Object.entries(details)
    .filter(([name]) => !ORIGIN.includes(name))
    .map(([name, value]) => ` ${name}=${typeof value === "string" ? value : JSON.stringify(value)}`);
  return calm(`${new Date(time).toISOString()} ${levels.labels[level] ?? level}: ${msg}${reason}${told.join("")}`);
}
