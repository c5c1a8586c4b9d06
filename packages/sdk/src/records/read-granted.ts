import { type Grant, MAX_OBJECTS, type Release } from "@galen/ledger/modules/vault/schema";
import type { Actor } from "../client/actor.ts";
import type { Client } from "../client/client.ts";
import { custodianNodes } from "../client/custodian-nodes.ts";
import { GalenError, galenError } from "../client/galen-error.ts";
import { inParallel } from "../client/in-parallel.ts";
import { query } from "../client/query.ts";
import type { CustodianFailure } from "../release/collect-shares.ts";
import { openWithRelease } from "../seal/seal-object.ts";
import type { TransactionOptions } from "../transactions/build-transaction.ts";
import { releaseKeySet } from "./key-set.ts";
import type { OpenedObject } from "./read-own.ts";
import { releaseErrors } from "./release-error.ts";
import { type Asking, type CollectingOptions, collectRelease, type LoggedRequest, logRequests, vaultRequest } from "./release-objects.ts";
import { fetchParts, knownObjects, ownershipOf } from "./sealed-object.ts";
import { type OnUnreadable, unlessUnreadable } from "./unreadable.ts";

/** What a reading needs, by whatever right. */
export interface ReadingOptions extends Pick<TransactionOptions, "beforeSigning"> {
  /** The reader. */
  readonly as: Actor;
  /** Of one owner, hex. */
  readonly objectIds: readonly string[];
  /** Nodes whose custodians are asked; default: those that the client's node knows. */
  readonly custodians?: readonly Client[];
  /** Hears of those that were released and do not open, which are then left out. */
  readonly onUnreadable?: OnUnreadable;
  /** A plaintext that is larger does not open; default `MAX_PLAINTEXT_SIZE`. */
  readonly maxSizeBytes?: number;
}

export interface ReadOptions extends ReadingOptions {
  /** HL7 v3 PurposeOfUse, such as `TREAT`. */
  readonly purpose: Release["purpose"];
  /** Left out by owners and delegates. */
  readonly grantId?: string;
  /** SHA-256 of 32 random bytes and the stated reason, hex. */
  readonly reasonHash?: string;
}

/** What was read by one entry in the owner's log. */
export interface GrantedReading {
  /** One for each 64 objects; each counts as a read of the grant. */
  readonly releaseIds: readonly string[];
  readonly opened: readonly OpenedObject[];
  /** Custodians that were not there, refused or lied, although enough others helped. */
  readonly failures: readonly CustodianFailure[];
}

/** Releases of one transaction: they fit its 64 KiB, and stand in one block. */
const MAX_RELEASES = 8;
/** Ciphertexts of so many releases are in memory at a time. */
const PARALLEL_RELEASES = 2;

/**
 * Reads what an owner has granted: asks by `vault.request`, which is logged before any key is handed out, collects the custodians' shares, fetches and
 * opens. Rejects with GalenError `release/…` if the policy says no (that is logged too), and with SealError where a checked blob does not open, unless
 * `onUnreadable` hears of it.
 */
export async function readGranted(client: Client, options: ReadOptions): Promise<GrantedReading> {
  await requireReads(client, options);
  return readBy(client, options, vaultRequest(options));
}

/** Refuses before anything is asked for what a grant's last reads cannot give: they would be spent, and what they released be lost with the refusal of the rest. */
async function requireReads(client: Client, { grantId, objectIds }: ReadOptions): Promise<void> {
  const needed = Math.ceil(objectIds.length / MAX_OBJECTS);
  if (grantId === undefined || needed === 1) return;
  const readsLeft = await readsLeftOf(client, grantId);
  // What is used up, the ledger refuses, and the owner sees it.
  if (readsLeft > 0 && readsLeft < needed) throw galenError(releaseErrors.TooFewReads({ grantId, readsLeft, needed }));
}

async function readsLeftOf(client: Client, grantId: string): Promise<number> {
  try {
    return (await query<Grant>(client, "vault.grant", { grantId })).result.readsLeft ?? Number.POSITIVE_INFINITY;
  } catch (error) {
    if (error instanceof GalenError && error.id === "vault/UnknownGrant") return 0;
    throw error;
  }
}

/** Reads by the message that `asking` makes. Rejects like `readGranted`. */
export async function readBy(client: Client, options: ReadingOptions, asking: Asking): Promise<GrantedReading> {
  const known = await knownObjects(client, options.objectIds);
  const [keySet, custodians] = await Promise.all([releaseKeySet(client), options.custodians ?? custodianNodes(client)]);
  const readings: GrantedReading[] = [];
  for (const groups of inGroups(inGroups(known, MAX_OBJECTS), MAX_RELEASES)) {
    const entries = await logRequests(client, groups, { as: options.as, beforeSigning: options.beforeSigning, asking });
    const read = (entry: LoggedRequest) => readRelease(client, entry, { ...options, keySet, custodians });
    readings.push(...(await inParallel(entries, PARALLEL_RELEASES, read)));
  }
  return {
    releaseIds: readings.flatMap(({ releaseIds }) => releaseIds),
    opened: readings.flatMap(({ opened }) => opened),
    failures: readings.flatMap(({ failures }) => failures),
  };
}

/** Opens the objects of one logged release: the blobs come while the custodians work. */
async function readRelease(
  client: Client,
  entry: LoggedRequest,
  options: CollectingOptions & Pick<ReadingOptions, "onUnreadable" | "maxSizeBytes">,
): Promise<GrantedReading> {
  const { known, releaseId } = entry;
  const { as, onUnreadable, maxSizeBytes } = options;
  const [{ released, failures }, fetched] = await Promise.all([
    collectRelease(client, entry, options),
    fetchParts(client, { as, known, parts: ["ciphertext", "collectiveCapsule"], onUnreadable }),
  ]);
  const keys = new Map(known.map(({ objectId }, index) => [objectId, released[index]!]));
  const opening = fetched.map(({ object, blobs }) =>
    unlessUnreadable(object, onUnreadable, async () => {
      const sealed = { ...ownershipOf(client, object), ...blobs, released: keys.get(object.objectId)!, maxSizeBytes };
      return { object, plaintext: await openWithRelease(sealed) };
    }),
  );
  const opened = (await Promise.all(opening)).filter((one) => one !== undefined);
  return { releaseIds: [releaseId], opened, failures };
}

function inGroups<T>(items: readonly T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, index) => items.slice(index * size, (index + 1) * size));
}
