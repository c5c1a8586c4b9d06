import { type Logger, pino } from "pino";

export type { Logger } from "pino";

/** Structured lines on standard output: never a body, never an address of a client, never an authorisation. */
export function createLogger(level: string): Logger {
  return pino({ level, redact: ["authorization", "headers.authorization", "*.headers.authorization"] });
}
