import type { Release } from "@galen/ledger/modules/vault/schema";
import type { Client } from "../client/client.ts";
import { query } from "../client/query.ts";

/** A request to read an owner's objects and what became of it. */
export interface LoggedRelease extends Release {
  readonly releaseId: string;
}

const PAGE = 100; // the most that one answer lists

/** Everybody who asked to read an owner's objects, granted or refused, newest first; numbers run down to 0. Rejects with GalenError. */
export async function* releaseLog(client: Client, owner: string): AsyncGenerator<LoggedRelease, void, undefined> {
  for (let before: number | undefined; before !== 0; ) {
    const { result } = await query<{ releases: readonly LoggedRelease[] }>(client, "vault.releasesOf", { owner, before, limit: PAGE });
    yield* result.releases;
    before = result.releases.at(-1)?.number ?? 0;
  }
}
