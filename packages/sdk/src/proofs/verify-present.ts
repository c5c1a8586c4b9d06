import type { Header } from "@galen/ledger/block/header";
import { toMilliseconds } from "@galen/ledger/block/timestamp";
import { bytesToHex } from "@galen/ledger/crypto/hex";
import type { Client } from "../client/client.ts";
import { clientErrors, GalenError, galenError } from "../client/galen-error.ts";
import { followValidators } from "./follow-validators.ts";
import { proofErrors } from "./proof-error.ts";
import type { ProofContext } from "./signed-header.ts";
import type { Trust } from "./trust.ts";

/** Often enough for a year in which a set vouches for the next, and seldom for who keeps it. */
const NOTED_EVERY_MS = 86_400_000;

type Check<T> = (context: () => ProofContext) => Promise<T>;

/**
 * Fetches and checks something of the present under the client's trust. When other validators sign by now, their change is followed by verified headers
 * and the check made again; the client trusts them from then on. That those whom it trusts still sign is noted once a day. Rejects with GalenError
 * client/NoTrust, proof/ValidatorsNotFollowed, and as `check` and `client.onTrust` do.
 */
export async function verifyPresent<T>(client: Client, check: Check<T>): Promise<T> {
  try {
    return await checkNow(client, check);
  } catch (error) {
    if (!(error instanceof GalenError) || error.id !== proofErrors.ValidatorsNotTrusted.kind.id) throw error;
  }
  await trustFromNowOn(client, await followValidators(client));
  return checkNow(client, check);
}

async function checkNow<T>(client: Client, check: Check<T>): Promise<T> {
  let present: Header | undefined;
  const checked = await check(contextOf(client, (header) => (present = header)));
  if (present) await noteSigners(client, present);
  return checked;
}

/** Carries the trust on to a header that the trusted set has signed: from one that is too old no change could be followed. */
async function noteSigners(client: Client, { height, time, validatorsHash }: Header): Promise<void> {
  const { trust } = client;
  const isOfTrusted = trust?.validatorsHash === bytesToHex(validatorsHash) && height > (trust.height ?? 0);
  const seenAt = toMilliseconds(time);
  if (isOfTrusted && seenAt - (trust.seenAt ?? 0) >= NOTED_EVERY_MS) await trustFromNowOn(client, { ...trust, height, seenAt });
}

async function trustFromNowOn(client: Client, trust: Trust): Promise<void> {
  client.trust = trust;
  await client.onTrust?.(trust);
}

/** What a proof is checked by, at the time when it has come. */
function contextOf({ trust, crypto, now, maxStateAgeMs }: Client, onPresent: (header: Header) => void): () => ProofContext {
  if (!trust) throw galenError(clientErrors.NoTrust());
  return () => ({ trust, crypto, nowMs: now(), maxStateAgeMs, onPresent });
}
