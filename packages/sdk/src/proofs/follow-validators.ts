import { headerHash } from "@galen/ledger/block/header";
import { bytesToHex } from "@galen/ledger/crypto/hex";
import type { Client } from "../client/client.ts";
import { clientErrors, galenError } from "../client/galen-error.ts";
import { status } from "../client/status.ts";
import { createLightClient } from "../light/client.ts";
import type { LightProvider } from "../light/provider.ts";
import { createNodeProvider } from "./node-provider.ts";
import { proofErrors } from "./proof-error.ts";
import { type Trust, withEarlierSet } from "./trust.ts";

/** An alliance's validators are known to each other; their old keys are guarded for a year. */
const TRUSTING_PERIOD_MS = 31_536_000_000;

export interface FollowOptions {
  /** Height to follow to; default: the node's latest. */
  readonly height?: number;
  /** How long a header may vouch for later ones. */
  readonly trustingPeriodMs?: number;
  /** Independent nodes that must not contradict. */
  readonly witnesses?: readonly LightProvider[];
}

/**
 * Follows the changes of the validator set from the one that `client.trust` names, by verified headers alone. Gives the trust in those who sign now.
 * Rejects with GalenError proof/ValidatorsNotFollowed, client/NoTrust.
 */
export async function followValidators(client: Client, options: FollowOptions = {}): Promise<Trust> {
  const { trust, crypto, now } = client;
  if (!trust) throw galenError(clientErrors.NoTrust());
  const provider = createNodeProvider(client);
  const { height: from = 1 } = trust;
  const known = (await provider.signedHeader(from))?.header;
  if (!known || bytesToHex(known.validatorsHash) !== trust.validatorsHash)
    throw galenError(proofErrors.ValidatorsNotTrusted({ height: from }));
  const { trustingPeriodMs = TRUSTING_PERIOD_MS, witnesses = [], height = (await status(client)).height } = options;
  const anchor = { height: from, hash: headerHash(known, crypto.sha256) };
  const light = createLightClient({ chainId: trust.chainId, trust: anchor, trustingPeriodMs, witnesses, provider, crypto, now });
  const outcome = await light.verifyToHeight(height);
  if (outcome.verdict === "ok") return trustAt(trust, height, bytesToHex(outcome.header.validatorsHash));
  const fault = outcome.verdict === "refused" ? outcome.reason : outcome.verdict;
  throw galenError(proofErrors.ValidatorsNotFollowed({ fault, height: outcome.verdict === "refused" ? outcome.height : height }));
}

function trustAt(before: Trust, height: number, validatorsHash: string): Trust {
  if (validatorsHash === before.validatorsHash) return { ...before, height };
  return withEarlierSet({ chainId: before.chainId, validatorsHash, height }, before, height - 1);
}
