import { bytesToHex, requireHexBytes } from "@galen/ledger/crypto/hex";
import type { KeySet } from "@galen/ledger/modules/custody/index";
import type { Release } from "@galen/ledger/modules/vault/schema";
import type { Message } from "@galen/ledger/tx/transaction";
import type { Actor } from "../client/actor.ts";
import { readObject, readText } from "../client/answer.ts";
import type { Client } from "../client/client.ts";
import { clientErrors, galenError } from "../client/galen-error.ts";
import { chainIdOf } from "../client/status.ts";
import { type CustodianFailure, collectShares } from "../release/collect-shares.ts";
import { createReleaseCombiner } from "../release/combine-release.ts";
import { createReleaseRequest, type PendingRelease } from "../release/release-request.ts";
import { buildTransaction, type TransactionOptions } from "../transactions/build-transaction.ts";
import type { TransactionEvent } from "../transactions/executed-transaction.ts";
import { sendSigned } from "../transactions/submit.ts";
import { releaseKeySet } from "./key-set.ts";
import { releaseErrors } from "./release-error.ts";
import type { KnownObject } from "./sealed-object.ts";

/** The message that asks for objects, made of their points and the proof. */
export type Asking = (asked: {
  readonly objects: readonly { readonly objectId: string; readonly requestPoint: string }[];
  readonly proof: string;
}) => Message;

/** Why somebody asks, and by what right. */
export interface RequestTerms {
  readonly purpose: Release["purpose"];
  readonly grantId?: string;
  readonly reasonHash?: string;
}

/** Asks by `vault.request`. */
export function vaultRequest({ purpose, grantId, reasonHash }: RequestTerms): Asking {
  const terms = { purpose, ...(grantId !== undefined && { grantId }), ...(reasonHash !== undefined && { reasonHash }) };
  return (asked) => ({ type: "vault.request", value: { ...asked, ...terms } });
}

/** Who asks, and how. */
export interface RequestOptions extends Pick<TransactionOptions, "beforeSigning"> {
  readonly as: Actor;
  readonly asking: Asking;
}

/** A request that stands in the owner's log and was granted. */
export interface LoggedRequest {
  readonly known: readonly KnownObject[];
  readonly pending: PendingRelease;
  readonly releaseId: string;
  /** Of its block. */
  readonly height: number;
}

/**
 * Writes an entry into the owner's log for each group of at most 64 objects, all in one transaction. Rejects with GalenError `release/…` when one of them
 * was refused; all stand in the log.
 */
export async function logRequests(
  client: Client,
  groups: readonly (readonly KnownObject[])[],
  options: RequestOptions,
): Promise<readonly LoggedRequest[]> {
  const chainId = await chainIdOf(client);
  const { crypto, random } = client;
  const reader = options.as.account;
  const prepared = groups.map((known) => {
    const objects = known.map(({ objectId, capsulePoint }) => ({ objectId, capsulePoint: requireHexBytes(capsulePoint, 32) }));
    return { known, pending: createReleaseRequest({ chainId, reader, objects, crypto, random }) };
  });
  const messages = prepared.map(({ pending }) => options.asking(askedOf(pending)));
  const signed = await buildTransaction(client, { actors: [options.as], beforeSigning: options.beforeSigning, messages });
  // The custodians answer to it: each looks for the entry itself, so that a proof would only cost the reader a block's time.
  const { events, txHash, height } = await sendSigned(client, signed);
  const entries = events.filter(({ type }) => type === "vault.released" || type === "vault.refused");
  if (entries.length !== prepared.length) throw galenError(clientErrors.UnexpectedAnswer({ field: "events" }));
  return prepared.map((request, index) => ({ ...request, releaseId: grantedId(entries[index]!, txHash), height }));
}

function askedOf({ objects, proof }: PendingRelease): Parameters<Asking>[0] {
  const points = objects.map(({ objectId, requestPoint }) => ({ objectId, requestPoint: bytesToHex(requestPoint) }));
  return { objects: points, proof: bytesToHex(proof) };
}

/** The entry's id if it says yes. */
function grantedId({ data }: TransactionEvent, txHash: string): string {
  const [releaseId, outcome] = [readText(data.releaseId, "releaseId"), readObject(data.outcome, "outcome")];
  if (outcome.kind === "released") return releaseId;
  throw galenError(refusalFor(readText(outcome.reason, "reason"))({ releaseId }), { txHash });
}

function refusalFor(reason: string) {
  if (!Object.hasOwn(releaseErrors, reason)) throw galenError(clientErrors.UnexpectedAnswer({ field: "reason" }));
  return releaseErrors[reason as keyof typeof releaseErrors];
}

export interface CollectingOptions {
  readonly as: Actor;
  readonly keySet: KeySet;
  /** The nodes whose custodians are asked. */
  readonly custodians: readonly Client[];
}

/** Custodians who are slower than this are counted as away. */
const CUSTODIANS_TIMEOUT_MS = 10_000;

/** Collects k good shares for a logged request: x·U for each object. Rejects with GalenError release/TooFewShares. */
export async function collectRelease(
  client: Client,
  entry: LoggedRequest,
  options: CollectingOptions,
): Promise<{ readonly released: readonly Uint8Array[]; readonly failures: readonly CustodianFailure[] }> {
  const first = await askCustodians(client, entry, options);
  // The custodians may have handed the key on since it was read, in fresh shares. X stays the same, and with it s·X: what was asked is good, and once more is enough.
  const isHandedOn = !first.released && first.failures.some(({ kind }) => kind === "otherEpoch");
  const last = isHandedOn ? await askCustodians(client, entry, { ...options, keySet: await releaseKeySet(client) }) : first;
  const { released, failures, needed, good } = last;
  if (released) return { released, failures };
  throw galenError(releaseErrors.TooFewShares({ releaseId: entry.releaseId, needed, good, ...told(failures) }));
}

/** Asks for shares of one key set; `released` is undefined where fewer than are needed were good. */
async function askCustodians(client: Client, { pending, releaseId, height }: LoggedRequest, { as, keySet, custodians }: CollectingOptions) {
  const { crypto } = client;
  const { epoch, threshold } = keySet;
  const publicShares = new Map(keySet.custodians.map(({ index, publicShare }) => [index, requireHexBytes(publicShare, 32)]));
  const collectiveKey = requireHexBytes(keySet.publicKey, 32);
  const chainId = await chainIdOf(client);
  const combiner = createReleaseCombiner({ pending, chainId, requestId: releaseId, epoch, publicShares, threshold, collectiveKey, crypto });
  const timeoutMs = Math.min(client.timeoutMs, CUSTODIANS_TIMEOUT_MS);
  // What the reader signs for them is for this network, whatever their nodes call their own.
  const asked = custodians.map((custodian) => ({ ...custodian, chainId }));
  const failures = await collectShares(asked, combiner, { as, releaseId, height, threshold, timeoutMs });
  return { released: combiner.released(), failures, needed: threshold, good: combiner.good.length };
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
