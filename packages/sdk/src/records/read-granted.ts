import { bytesToHex, requireHexBytes } from "@galen/ledger/crypto/hex";
import type { KeySet } from "@galen/ledger/modules/custody/index";
import { MAX_OBJECTS, type Release } from "@galen/ledger/modules/vault/schema";
import type { Actor } from "../client/actor.ts";
import { readObject, readText } from "../client/answer.ts";
import type { Client } from "../client/client.ts";
import { custodianNodes } from "../client/custodian-nodes.ts";
import { clientErrors, galenError } from "../client/galen-error.ts";
import { chainIdOf } from "../client/status.ts";
import { type CustodianFailure, collectShares } from "../release/collect-shares.ts";
import { createReleaseCombiner } from "../release/combine-release.ts";
import { createReleaseRequest, type PendingRelease } from "../release/release-request.ts";
import { openWithRelease } from "../seal/seal-object.ts";
import { submit } from "../transactions/submit.ts";
import { releaseKeySet } from "./key-set.ts";
import type { OpenedObject } from "./read-own.ts";
import { releaseErrors } from "./release-error.ts";
import { fetchParts, type KnownObject, knownObjects, ownershipOf } from "./sealed-object.ts";

export interface ReadOptions {
  /** The reader. */
  readonly as: Actor;
  /** Of one owner, hex. */
  readonly objectIds: readonly string[];
  /** HL7 v3 PurposeOfUse, such as `TREAT`. */
  readonly purpose: Release["purpose"];
  /** Left out by owners and delegates. */
  readonly grantId?: string;
  /** SHA-256 of 32 random bytes and the stated reason, hex. */
  readonly reasonHash?: string;
  /** Nodes whose custodians are asked; default: those that the client's node knows. */
  readonly custodians?: readonly Client[];
}

/** What was read by one entry in the owner's log. */
export interface GrantedReading {
  /** One for each 64 objects; each counts as a read of the grant. */
  readonly releaseIds: readonly string[];
  readonly opened: readonly OpenedObject[];
  /** Custodians that were not there, refused or lied, although enough others helped. */
  readonly failures: readonly CustodianFailure[];
}

/** Custodians who are slower than this are counted as away. */
const CUSTODIANS_TIMEOUT_MS = 10_000;

/**
 * Reads what an owner has granted: asks by `vault.request`, which is logged before any key is handed out, collects the custodians' shares, fetches and
 * opens. Rejects with GalenError `release/…` if the policy says no (that is logged too), and with SealError where a checked blob does not open.
 */
export async function readGranted(client: Client, options: ReadOptions): Promise<GrantedReading> {
  const known = await knownObjects(client, options.objectIds);
  const [keySet, custodians] = await Promise.all([releaseKeySet(client), options.custodians ?? custodianNodes(client)]);
  const releaseIds: string[] = [];
  const opened: OpenedObject[] = [];
  const failures: CustodianFailure[] = [];
  for (let at = 0; at < known.length; at += MAX_OBJECTS) {
    const part = known.slice(at, at + MAX_OBJECTS);
    const { releaseId, released, failures: failed } = await release(client, part, keySet, { ...options, custodians });
    releaseIds.push(releaseId);
    failures.push(...failed);
    opened.push(...(await openReleased(client, options.as, part, released)));
  }
  return { releaseIds, opened, failures };
}

/** Fetches and opens objects with what `release` gave for them. */
async function openReleased(
  client: Client,
  as: Actor,
  known: readonly KnownObject[],
  released: readonly Uint8Array[],
): Promise<OpenedObject[]> {
  const blobs = await fetchParts(client, { as, known, parts: ["ciphertext", "collectiveCapsule"] });
  const opening = known.map(async (object, index) => {
    const plaintext = await openWithRelease({ ...ownershipOf(client, object), ...blobs[index]!, released: released[index]! });
    return { object, plaintext };
  });
  return Promise.all(opening);
}

/** A reader's wish, with the custodians to ask. */
export type ReleaseOptions = Omit<ReadOptions, "objectIds"> & { readonly custodians: readonly Client[] };

/** Asks for the keys of at most 64 objects: the logged entry, then k good shares. x·U for each object. */
export async function release(
  client: Client,
  known: readonly KnownObject[],
  keySet: KeySet,
  options: ReleaseOptions,
): Promise<{ releaseId: string; released: readonly Uint8Array[]; failures: readonly CustodianFailure[] }> {
  const chainId = await chainIdOf(client);
  const objects = known.map(({ objectId, capsulePoint }) => ({ objectId, capsulePoint: requireHexBytes(capsulePoint, 32) }));
  const { crypto, random } = client;
  const pending = createReleaseRequest({ chainId, reader: options.as.account, objects, crypto, random });
  const { releaseId, height } = await logRequest(client, pending, options);
  const publicShares = new Map(keySet.custodians.map(({ index, publicShare }) => [index, requireHexBytes(publicShare, 32)]));
  const { threshold } = keySet;
  const collectiveKey = requireHexBytes(keySet.publicKey, 32);
  const combiner = createReleaseCombiner({ pending, chainId, requestId: releaseId, publicShares, threshold, collectiveKey, crypto });
  const timeoutMs = Math.min(client.timeoutMs, CUSTODIANS_TIMEOUT_MS);
  const failures = await collectShares(options.custodians, combiner, { as: options.as, releaseId, height, threshold, timeoutMs });
  const released = combiner.released();
  if (!released)
    throw galenError(releaseErrors.TooFewShares({ releaseId, needed: threshold, good: combiner.good.length, ...told(failures) }));
  return { releaseId, released, failures };
}

/** By kind, the custodians that failed. */
function told(failures: readonly CustodianFailure[]): Readonly<Record<string, string>> {
  const kinds = [...new Set(failures.map(({ kind }) => kind))];
  return Object.fromEntries(
    kinds.map((kind) => {
      const own = failures.filter((failure) => failure.kind === kind);
      return [kind, own.map(({ url, id }) => (id === "" ? url : `${url} (${id})`)).join(", ")];
    }),
  );
}

/** Writes the entry into the owner's log; gives its id and its block's height if it says yes. */
async function logRequest(
  client: Client,
  { objects, proof }: PendingRelease,
  { as, purpose, grantId, reasonHash }: Omit<ReadOptions, "objectIds">,
): Promise<{ releaseId: string; height: number }> {
  const value = {
    objects: objects.map(({ objectId, requestPoint }) => ({ objectId, requestPoint: bytesToHex(requestPoint) })),
    purpose,
    ...(grantId === undefined ? {} : { grantId }),
    ...(reasonHash === undefined ? {} : { reasonHash }),
    proof: bytesToHex(proof),
  };
  const { events, txHash, height } = await submit(client, { actors: [as], messages: [{ type: "vault.request", value }] });
  const entry = readObject(events.find(({ type }) => type === "vault.released" || type === "vault.refused")?.data, "release");
  const [releaseId, outcome] = [readText(entry.releaseId, "releaseId"), readObject(entry.outcome, "outcome")];
  if (outcome.kind === "released") return { releaseId, height };
  throw galenError(refusalFor(readText(outcome.reason, "reason"))({ releaseId }), { txHash });
}

function refusalFor(reason: string) {
  if (!Object.hasOwn(releaseErrors, reason)) throw galenError(clientErrors.UnexpectedAnswer({ field: "reason" }));
  return releaseErrors[reason as keyof typeof releaseErrors];
}
