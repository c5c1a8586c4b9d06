import type { Release } from "@galen/ledger/modules/vault/schema";
import { type ServedEntry, type ServedFault, servedFault } from "@galen/ledger/modules/vault/served-log";
import { releases } from "@galen/ledger/modules/vault/state";
import { readInteger, readList, readObject, readText } from "../client/answer.ts";
import type { Client } from "../client/client.ts";
import { clientErrors, GalenError, galenError } from "../client/galen-error.ts";
import { query } from "../client/query.ts";
import { requestJson } from "../client/send-request.ts";
import { status } from "../client/status.ts";
import { type ProvenRecord, readProven } from "../proofs/read-proven.ts";

/** What an audit finds wrong with an entry. `log-shortened`: an entry that was there at an earlier audit is gone or another. */
export interface AuditFinding {
  readonly number: number;
  readonly releaseId: string;
  readonly fault: ServedFault | "log-shortened";
}

/** A custodian's log beside the ledger. */
export interface CustodianAudit {
  readonly entries: number;
  /** The newest entry: keep it, and hand it in at the next audit. */
  readonly last: EntryReference | undefined;
  readonly findings: readonly AuditFinding[];
}

/** An entry by its place and hash. */
export type EntryReference = Pick<ServedEntry, "number" | "hash">;

/**
 * Compares what a custodian says it has answered with the releases of the ledger, as `client` reads it: proven, if it trusts somebody. Every answer must
 * follow a committed release to the same reader, and the log must hold what it held at the last audit (`known`). Where the node of `client` is some blocks
 * behind the custodian's, it is waited for, as long in all as the client waits for an answer. Rejects with GalenError.
 */
export async function auditCustodian(client: Client, custodian: Client, known?: EntryReference): Promise<CustodianAudit> {
  const deadline = client.now() + client.timeoutMs;
  const findings: AuditFinding[] = [];
  let before: ServedEntry | undefined;
  let isKnown = known === undefined;
  for await (const entry of servedEntries(custodian)) {
    const number = before ? before.number + 1 : 0;
    const fault = servedFault(entry, { before, release: await releaseOf(client, entry, deadline) }, client.crypto);
    if (fault) findings.push({ number, releaseId: entry.releaseId, fault });
    isKnown ||= entry.number === known!.number && entry.hash === known!.hash;
    before = { ...entry, number };
  }
  if (!isKnown) findings.push({ number: known!.number, releaseId: "", fault: "log-shortened" });
  return { entries: before ? before.number + 1 : 0, last: before && { number: before.number, hash: before.hash }, findings };
}

/** Entries in one page at most; a custodian that sends more is none. */
const MAX_PAGE = 2_000;

async function* servedEntries(custodian: Client): AsyncGenerator<ServedEntry, void, undefined> {
  for (let offset: number | null = 0; offset !== null; ) {
    const page = readObject(await requestJson(custodian, { path: "/v1/custodian/log", query: { offset } }), "log");
    const entries = readList(page.entries, "entries", MAX_PAGE).map(readEntry);
    yield* entries;
    const next: number | null = page.next === null ? null : readInteger(page.next, "next");
    // A log of empty pages would never end.
    if (next !== null && (next <= offset || entries.length === 0)) throw galenError(clientErrors.UnexpectedAnswer({ field: "next" }));
    offset = next;
  }
}

function readEntry(value: unknown): ServedEntry {
  const { number, releaseId, reader, epoch, height, previous, hash } = readObject(value, "entry");
  return {
    number: readInteger(number, "number"),
    releaseId: readText(releaseId, "releaseId"),
    reader: readText(reader, "reader"),
    epoch: readInteger(epoch, "epoch"),
    height: readInteger(height, "height"),
    previous: readText(previous, "previous"),
    hash: readText(hash, "hash"),
  };
}

const POLL_MS = 100;

/** The release that an entry names, in a ledger that has come to the height at which it was served; or that has not until the deadline. */
async function releaseOf(client: Client, { releaseId, height }: ServedEntry, deadline: number): Promise<Release | undefined> {
  if (!/^[0-9a-f]{64}$/.test(releaseId)) return undefined;
  for (;;) {
    const found = await findRelease(client, releaseId);
    if (found.value || found.height >= height || client.now() > deadline) return found.value;
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
}

async function findRelease(client: Client, releaseId: string): Promise<ProvenRecord<Release>> {
  if (client.trust) return readProven(client, releases, releaseId);
  const { height } = await status(client); // first: what is missing afterwards was missing there
  try {
    return { height, value: (await query<Release>(client, "vault.release", { releaseId })).result };
  } catch (error) {
    if (error instanceof GalenError && error.id === "vault/UnknownRelease") return { height, value: undefined };
    throw error;
  }
}
