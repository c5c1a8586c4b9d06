import { headerHash } from "@galen/ledger/block/header";
import { bytesToHex } from "@galen/ledger/crypto/hex";
import type { Anchor } from "@galen/ledger/modules/anchors/schema";
import { anchors, NETWORK } from "@galen/ledger/modules/anchors/state";
import type { Client } from "../client/client.ts";
import { clientErrors, GalenError, galenError } from "../client/galen-error.ts";
import { notFollowed, openLightClient } from "./follow-validators.ts";
import { fetchHeader } from "./node-provider.ts";
import { proofErrors } from "./proof-error.ts";
import { readEntries } from "./read-sequence.ts";
import { requireTrusted } from "./signed-header.ts";

/**
 * `fits`: the chain has this header. `contradicts`: trusted validators signed another one for that height, so that the statement is false, or the past
 * was written anew. `notHeld`: the node does not hold the block.
 */
export type AnchorVerdict = "fits" | "contradicts" | "notHeld";

/** Where headers of this chain were published, as members state it: the newest `limit`, each proven, none left out. Rejects like `readProven`. */
export async function listAnchors(client: Client, limit: number): Promise<Anchor[]> {
  const found: Anchor[] = [];
  for await (const anchor of readEntries(client, anchors, NETWORK)) {
    if (found.length === limit) break;
    found.push(anchor);
  }
  return found;
}

/**
 * Holds a published header against the chain as trusted validators signed it. What stands at the place of publication, people read there. Rejects with
 * GalenError `proof/…`, client/NoTrust.
 */
export async function checkAnchor(
  client: Client,
  { height, headerHash: published }: Pick<Anchor, "height" | "headerHash">,
): Promise<AnchorVerdict> {
  const signed = await signedHeaderHash(client, height);
  if (signed === undefined) return "notHeld";
  return signed === published ? "fits" : "contradicts";
}

/** Hash of the header of a block, hex, as trusted validators signed it; undefined when the node does not hold it. Rejects likewise. */
export async function signedHeaderHash(client: Client, height: number): Promise<string | undefined> {
  const { trust, crypto, now } = client;
  if (!trust) throw galenError(clientErrors.NoTrust());
  const final = await fetchHeader(client, height);
  if (!final) return undefined;
  try {
    requireTrusted(final, { trust, crypto, nowMs: now() });
    return bytesToHex(headerHash(final.header, crypto.sha256));
  } catch (error) {
    if (!(error instanceof GalenError) || error.id !== proofErrors.ValidatorsNotTrusted.kind.id) throw error;
  }
  // Others signed then: from the set that is trusted there by verified headers.
  const outcome = await (await openLightClient(client)).verifyToHeight(height);
  if (outcome.verdict !== "ok") throw notFollowed(outcome, height);
  return bytesToHex(headerHash(outcome.header, crypto.sha256));
}
