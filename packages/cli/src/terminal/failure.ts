import { stderr, stdout } from "node:process";
import { FhirRefusal } from "@galen/gateway/fhir/refusal";
import { type Details, Refusal, type RefusalKind } from "@galen/ledger/app/refusal";
import { ConfigError } from "@galen/node/config";
import { deepestReason } from "@galen/node/peers/peer-failure";
import { calm } from "@galen/sdk/acts/inert";
import { clientErrors, GalenError, isNoVerdict } from "@galen/sdk/client/galen-error";
import { CommanderError } from "commander";
import { errors } from "../errors.ts";

/** What went wrong, as a person and as a program read it. */
export interface Failure {
  readonly id: string;
  /** What is wrong and what to do. */
  readonly sentence: string;
  readonly details: Details;
  readonly txHash?: string;
}

/** Tells any error in one sentence with a stable id; an error that nobody expected gets `cli/Internal`. */
export function failureOf(error: unknown): Failure {
  if (error instanceof Refusal) return { id: error.kind.id, sentence: error.kind.sentence, details: error.details };
  if (error instanceof GalenError) {
    const details = { ...error.details, ...connectionReason(error), ...unknownOutcome(error) };
    return { id: error.id, sentence: error.sentence, details, ...(error.txHash !== undefined && { txHash: error.txHash }) };
  }
  if (error instanceof FhirRefusal) return fhirFailure(error);
  if (error instanceof CommanderError) return failureOf(errors.NotUnderstood({ reason: complaint(error) }));
  if (!(error instanceof Error)) return failureOf(errors.Internal({ reason: String(error) }));
  const { code, message, name } = error as Error & { readonly code?: unknown };
  if (typeof code === "string" && Object.hasOwn(systemFaults, code)) return systemFailure(error, code);
  // Errors of the packages below carry a stable code and a sentence that says what to do; those of the system a code.
  const isOurs = !(name in globalThis);
  if (typeof code === "string") return { id: isOurs ? codedId(name, code) : `system/${code}`, sentence: message, details: {} };
  const kind = plainKind(error);
  return kind ? { id: kind.id, sentence: message, details: {} } : failureOf(errors.Internal({ reason: message }));
}

/** The kind of an error without a code, whose message says what to do; undefined for what nobody expected. */
function plainKind(error: Error): RefusalKind | undefined {
  if (error instanceof ConfigError) return errors.ConfigError.kind;
  return error.constructor === Error || !(error.name in globalThis) ? errors.Failed.kind : undefined;
}

/** The id of an error with a stable code: `KeyError`, `PasswordWrong` -> `key/PasswordWrong`. */
export function codedId(errorName: string, code: string): string {
  return `${errorName.replace(/Error$/, "").toLowerCase()}/${code}`;
}

/** What commander has against a command line. A group without a verb, and `help` for none, it answers with help alone; every verb takes --json, and groups do not. */
function complaint({ code, message }: CommanderError): string {
  if (code === "commander.help") return "a verb is missing or unknown";
  return message.startsWith("error: unknown option '--json'") ? "a verb is missing before --json" : message.replace(/^error: /, "");
}

/** Why no connection came about, in the words of the system or of TLS: a port where nothing listens, a certificate that nobody here vouches for. */
function connectionReason(error: GalenError): Details {
  return error.id === clientErrors.Unreachable.kind.id && error.cause instanceof Error ? { reason: deepestReason(error.cause) } : {};
}

/** A verb that is run again signs another transaction, and the first one may still count: two grants, of which one would be ended. */
function unknownOutcome(error: GalenError): Details {
  const { txHash } = error;
  return txHash !== undefined && isNoVerdict(error)
    ? { mayStillCount: `\`galen verify ${txHash}\` tells whether it does; look before you do it again` }
    : {};
}

/** What the operating system refuses and the reader can mend. */
export const systemFaults: Readonly<Record<string, string>> = {
  EACCES: "this user may not read or write there; change the rights or name another place",
  EPERM: "this user may not read or write there; change the rights or name another place",
  EROFS: "this place can only be read; name another",
  ENOENT: "a file or folder on this path does not exist; make it or name another",
  ENOTDIR: "a part of this path is a file and no folder; name another",
  EEXIST: "something else is at this place already; name another",
  EISDIR: "this is a folder; name a file",
  EADDRNOTAVAIL: "this machine has no such address; name one of its own (`httpHost`, --host)",
  ENOTFOUND: "no machine of this name is known here; name an address of this machine's own (`httpHost`, --host)",
  ELOOP: "the links on this path lead back to each other; correct them or name another",
  ENOSPC: "the disk is full; make room and run it again",
  EMFILE: "this process may not open more files; raise the limit (`ulimit -n`) and run it again",
};

/** Whether the operating system has refused something, such as to read a file. */
export function isSystemError(error: unknown): boolean {
  return error instanceof Error && "syscall" in error;
}

function systemFailure(error: Error & { readonly path?: unknown }, code: string): Failure {
  const details = typeof error.path === "string" ? { path: error.path } : { reason: error.message };
  return { id: `system/${code}`, sentence: systemFaults[code]!, details };
}

function fhirFailure({ id, message, place, detail }: FhirRefusal): Failure {
  const { file, path, line, column } = place;
  const position = line === undefined || column === undefined ? {} : { line, column };
  return { id, sentence: message.replace(` [${id}]`, ""), details: { file, path, ...position, ...(detail !== "" && { reason: detail }) } };
}

/** What the process ends with. */
export const EXIT_CODES = "Exit codes: 0 done, 1 refused or failed, 2 the command line was not understood";
const FAILED = 1;
const NOT_UNDERSTOOD = 2;
const notUnderstood: readonly string[] = [errors.NotUnderstood, errors.BadValue, errors.BadDate].map(({ kind }) => kind.id);

/** Prints a failure and lets the process end with the exit code that belongs to it. */
export function fail(error: unknown, options: { readonly json?: boolean | undefined }): void {
  printFailure(error, options);
  process.exitCode = notUnderstood.includes(failureOf(error).id) ? NOT_UNDERSTOOD : FAILED;
}

/** Prints a failure: with `json` as `{ "error": … }` on standard output, else as a sentence on standard error. */
export function printFailure(error: unknown, { json }: { readonly json?: boolean | undefined }): void {
  const failure = failureOf(error);
  if (json) stdout.write(`${JSON.stringify({ error: failure }, undefined, 2)}\n`);
  else stderr.write(`${failureText(failure)}\n`);
  if (process.env.GALEN_DEBUG) stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
}

/** A failure as a person reads it: the sentence, then the facts, a line each. Much of it are a node's words, which may be made to act on a terminal. */
export function failureText({ id, sentence, details }: Failure): string {
  const facts = Object.entries(details).map(([name, value]) => `  ${calm(name)}: ${factText(value)}`);
  // Sentences begin with a word; should one begin with a name such as a file's, that stays as it is.
  const capitalised = sentence.replace(/^\p{Ll}(?=\p{L}*[\s,;:])/u, (letter) => letter.toUpperCase());
  return [`${factText(capitalised)} [${calm(id)}]`, ...facts].join("\n");
}

/** Further lines stand below the first one, so that none is taken for another fact. */
function factText(value: unknown): string {
  const text = typeof value === "string" ? value : JSON.stringify(value);
  return text.split("\n").map(calm).join("\n    ");
}
