import { type DestinationStream, destination, type Logger, pino } from "pino";
import { readableLine } from "./readable-log.ts";

export type { Logger } from "pino";

const STANDARD_ERROR = 2;

/**
 * Lines on standard error, which leaves standard output to answers: sentences on a terminal, JSON elsewhere. Never a body, never an address of a client,
 * never an authorisation.
 */
export function createLogger(level: string): Logger {
  const redact = ["authorization", "headers.authorization", "*.headers.authorization"];
  return pino({ level, redact }, process.stderr.isTTY ? terminal : destination({ fd: STANDARD_ERROR, sync: true }));
}

const terminal: DestinationStream = { write: (line) => process.stderr.write(`${readableLine(line.trimEnd())}\n`) };
