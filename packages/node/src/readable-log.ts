import { levels } from "pino";

/** From this level on a line tells of something that somebody should know. */
const WARN = levels.values.warn!;

/**
 * What the lines of a node's output say to a person: its own lines from `warn` up, with the error that they carry, and what is no line of its log, such as
 * the sentence by which a process says why it ends. Lines of everyday are left out.
 */
export function readableLines(output: string): readonly string[] {
  return output.split("\n").flatMap((line) => {
    if (line.trim() === "") return [];
    const entry = logEntry(line);
    if (entry === undefined) return [line];
    return entry.level < WARN ? [] : [readable(entry)];
  });
}

interface LogEntry {
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
    return typeof entry.level === "number" && typeof entry.time === "number" && typeof entry.msg === "string"
      ? (entry as LogEntry)
      : undefined;
  } catch {
    return undefined; // cut off by the end of the process: shown as it is
  }
}

function readable({ level, time, msg, err }: LogEntry): string {
  const reason = typeof err?.message === "string" ? `: ${err.message}` : "";
  return `${new Date(time).toISOString()} ${levels.labels[level] ?? level}: ${msg}${reason}`;
}
