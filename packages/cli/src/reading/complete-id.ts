import type { Refusal } from "@galen/ledger/app/refusal";
import type { Actor } from "@galen/sdk/client/actor";
import type { Client } from "@galen/sdk/client/client";
import { grantsOf, grantsTo } from "@galen/sdk/records/known-grants";
import { documentsOf } from "@galen/sdk/records/owned-documents";
import { releaseLog } from "@galen/sdk/records/release-log";
import { unreviewedUses } from "@galen/sdk/records/unreviewed-uses";
import { errors } from "../errors.ts";

/** Whether an id begins with what the user typed. An empty text, such as an unset variable of a shell, begins none: it would choose where there is one only. */
export function beginsWith(id: string, start: string): boolean {
  return start !== "" && id.startsWith(start);
}

interface Ids {
  /** Those that whoever asks can see. */
  readonly ids: () => Promise<readonly string[]>;
  readonly unknown: (details: { readonly start: string }) => Refusal;
}

/** The one id that begins with what the user typed; a whole one stands for itself. Throws Refusal cli/AmbiguousId, and `unknown` where none does. */
export async function completeId(start: string, { ids, unknown }: Ids): Promise<string> {
  if (/^[0-9a-f]{64}$/.test(start)) return start;
  const [found, ...others] = new Set((await ids()).filter((id) => beginsWith(id, start)));
  if (others.length > 0) throw errors.AmbiguousId({ start, ids: 1 + others.length });
  if (found === undefined) throw unknown({ start });
  return found;
}

/** An id among an owner's records. Throws Refusal cli/UnknownRecord, cli/AmbiguousId. */
export function completeRecordId(client: Client, { owner, start }: { owner: string; start: string }): Promise<string> {
  return completeId(start, { ids: () => recordIds(client, owner), unknown: errors.UnknownRecord });
}

/** An id among the grants that somebody gave. Throws Refusal cli/UnknownGrant, cli/AmbiguousId. */
export function completeGrantId(client: Client, { owner, start }: { owner: Actor; start: string }): Promise<string> {
  return completeId(start, { ids: () => grantIds(client, owner.account), unknown: errors.UnknownGrant });
}

/** An id among the grants that somebody may use. Throws Refusal cli/UnknownGrant, cli/AmbiguousId. */
export function completeReceivedGrantId(client: Client, { reader, start }: { reader: Actor; start: string }): Promise<string> {
  const ids = async () => (await grantsTo(client, reader)).map(({ grantId }) => grantId);
  return completeId(start, { ids, unknown: errors.UnknownGrant });
}

/** An id among the records of the reader, and of those who have given the reader a grant. Throws Refusal cli/UnknownRecord, cli/AmbiguousId. */
export function completeReadableId(client: Client, { reader, start }: { reader: Actor; start: string }): Promise<string> {
  const ids = async () => {
    const owners = new Set([reader.account, ...(await grantsTo(client, reader)).map(({ owner }) => owner)]);
    return (await Promise.all([...owners].map((owner) => recordIds(client, owner)))).flat();
  };
  return completeId(start, { ids, unknown: errors.UnknownRecord });
}

/** An id among the releases in somebody's log, and those in an emergency that no auditor has looked at. Throws Refusal cli/UnknownRelease, cli/AmbiguousId. */
export function completeReleaseId(client: Client, { account, start }: { account: string; start: string }): Promise<string> {
  const ids = async () => {
    const uses = await unreviewedUses(client);
    return [...uses.map(({ releaseId }) => releaseId), ...(await releaseIds(client, account))];
  };
  return completeId(start, { ids, unknown: errors.UnknownRelease });
}

/** An id among somebody's records, grants and log entries. Throws Refusal cli/UnknownId, cli/AmbiguousId. */
export function completeOwnedId(client: Client, { owner, start }: { owner: string; start: string }): Promise<string> {
  const ids = async () => (await Promise.all([recordIds, grantIds, releaseIds].map((list) => list(client, owner)))).flat();
  return completeId(start, { ids, unknown: errors.UnknownId });
}

async function recordIds(client: Client, owner: string): Promise<string[]> {
  return (await documentsOf(client, owner)).map(({ objectId }) => objectId);
}

async function grantIds(client: Client, owner: string): Promise<string[]> {
  return (await grantsOf(client, owner)).map(({ grantId }) => grantId);
}

async function releaseIds(client: Client, owner: string): Promise<string[]> {
  const found: string[] = [];
  for await (const { releaseId } of releaseLog(client, owner)) found.push(releaseId);
  return found;
}
