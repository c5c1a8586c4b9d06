import type { Release } from "@galen/ledger/modules/vault/schema";
import { log, releases } from "@galen/ledger/modules/vault/state";
import type { Client } from "../client/client.ts";
import { clientErrors, galenError } from "../client/galen-error.ts";
import { query } from "../client/query.ts";
import { readNamed } from "../proofs/read-sequence.ts";

/** A request to read an owner's objects and what became of it. */
export interface LoggedRelease extends Release {
  readonly releaseId: string;
}

/** Where to read a log from. */
interface LogPlace {
  readonly before?: number | undefined;
}

const PAGE = 100; // the most that one answer lists

/**
 * Everybody who asked to read an owner's objects, granted or refused, newest first; numbers run down to 0. If the client trusts somebody, every entry and
 * their count are proven, so that a node can hide no reader. With the number of an entry as `before` it goes on below that one. Rejects with GalenError,
 * `proof/…` among them.
 */
export function releaseLog(client: Client, owner: string, { before }: LogPlace = {}): AsyncGenerator<LoggedRelease, void, undefined> {
  return client.trust ? provenLog(client, owner, before) : toldLog(client, owner, before);
}

async function* provenLog(client: Client, owner: string, before: number | undefined): AsyncGenerator<LoggedRelease, void, undefined> {
  const idOf = ({ releaseId }: { readonly releaseId: string }) => releaseId;
  const listed = { sequence: log, of: owner, collection: releases, idOf, before };
  for await (const { id, value } of readNamed(client, listed)) yield { releaseId: id, ...value };
}

async function* toldLog(client: Client, owner: string, from = Infinity): AsyncGenerator<LoggedRelease, void, undefined> {
  for (let before = from; before > 0; ) {
    const page = { owner, ...(before < Infinity && { before }), limit: PAGE };
    const { result } = await query<{ releases: readonly LoggedRelease[] }>(client, "vault.releasesOf", page);
    yield* result.releases;
    const last = result.releases.at(-1)?.number ?? 0;
    // Such a list would never end.
    if (!(last < before)) throw galenError(clientErrors.UnexpectedAnswer({ field: "number", reason: "must run down" }));
    before = last;
  }
}
