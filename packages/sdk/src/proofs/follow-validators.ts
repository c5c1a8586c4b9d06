import { headerHash } from "@galen/ledger/block/header";
import { bytesToHex } from "@galen/ledger/crypto/hex";
import type { Client } from "../client/client.ts";
import { clientErrors, type GalenError, galenError } from "../client/galen-error.ts";
import { status } from "../client/status.ts";
import { createLightClient, type LightClient, type LightOutcome } from "../light/client.ts";
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
 * A light client that begins where `client.trust` stands, over the headers of the client's node. Rejects with GalenError proof/ValidatorsNotTrusted,
 * client/NoTrust.
 */
export async function openLightClient(client: Client, options: Omit<FollowOptions, "height"> = {}): Promise<LightClient> {
  const { trust, crypto, now } = client;
  if (!trust) throw galenError(clientErrors.NoTrust());
  const node = createNodeProvider(client);
  const { height = 1, chainId } = trust;
  const known = await node.signedHeader(height);
  if (!known || bytesToHex(known.header.validatorsHash) !== trust.validatorsHash)
    throw galenError(proofErrors.ValidatorsNotTrusted({ height }));
  const { trustingPeriodMs = TRUSTING_PERIOD_MS, witnesses = [] } = options;
  const begin = { height, hash: headerHash(known.header, crypto.sha256) };
  // The light client checks who signed the header with which it begins, and needs no second copy for it.
  const provider: LightProvider = { ...node, signedHeader: async (at) => (at === height ? known : node.signedHeader(at)) };
  return createLightClient({ chainId, trust: begin, trustingPeriodMs, witnesses, provider, crypto, now });
}

/**
 * Follows the changes of the validator set from the one that `client.trust` names, by verified headers alone. Gives the trust in those who sign now.
 * Rejects with GalenError proof/ValidatorsNotFollowed, client/NoTrust.
 */
export async function followValidators(client: Client, options: FollowOptions = {}): Promise<Trust> {
  const light = await openLightClient(client, options);
  const { height = (await status(client)).height } = options;
  const outcome = await light.verifyToHeight(height);
  if (outcome.verdict === "ok") return trustAt(client.trust!, height, bytesToHex(outcome.header.validatorsHash));
  throw notFollowed(outcome, height);
}

/** Why a light client gave no header, as a refusal. */
export function notFollowed(outcome: Exclude<LightOutcome, { verdict: "ok" }>, height: number): GalenError {
  if (outcome.verdict === "refused")
    return galenError(proofErrors.ValidatorsNotFollowed({ fault: outcome.reason, height: outcome.height }));
  return galenError(proofErrors.ValidatorsNotFollowed({ fault: outcome.verdict, height }));
}

function trustAt(before: Trust, height: number, validatorsHash: string): Trust {
  if (validatorsHash === before.validatorsHash) return { ...before, height };
  return withEarlierSet({ chainId: before.chainId, validatorsHash, height }, before, height - 1);
}
