import { destination, type Logger, pino } from "pino";

export type { Logger } from "pino";

const STANDARD_ERROR = 2;

/** Structured lines on standard error, which leaves standard output to answers: never a body, never an address of a client, never an authorisation. */
export function createLogger(level: string): Logger {
  const redact = ["authorization", "headers.authorization", "*.headers.authorization"];
  return pino({ level, redact }, destination({ fd: STANDARD_ERROR, sync: true }));
}
