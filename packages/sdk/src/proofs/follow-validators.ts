import { type Header, headerHash } from "@galen/ledger/block/header";
import { toMilliseconds } from "@galen/ledger/block/timestamp";
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
  /** How long a header may vouch for later ones, and those whom the user named for headers after them. */
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
  const { witnesses = [] } = options;
  // Who comes to an old chain and names its founders today trusts their keys today.
  const sinceHeaderMs = Math.max(0, (trust.seenAt ?? 0) - toMilliseconds(known.header.time));
  const trustingPeriodMs = (options.trustingPeriodMs ?? TRUSTING_PERIOD_MS) + sinceHeaderMs;
  const begin = { height, hash: headerHash(known.header, crypto.sha256) };
  // The light client checks who signed the header with which it begins, and needs no second copy for it.
  const provider: LightProvider = { ...node, signedHeader: async (at) => (at === height ? known : node.signedHeader(at)) };
  return createLightClient({ chainId, trust: begin, trustingPeriodMs, witnesses, provider, crypto, now });
}

/**
 * Follows the changes of the validator set from the one that `client.trust` names, by verified headers alone. Gives the trust in those who sign now.
 * Rejects with GalenError proof/ValidatorsNotFollowed, proof/Stale for a height below the trusted one, client/NoTrust.
 */
export async function followValidators(client: Client, options: FollowOptions = {}): Promise<Trust> {
  const { height = (await status(client)).height } = options;
  // Backwards lead mere hashes, to sets whose keys may not be guarded any more.
  if (height < (client.trust?.height ?? 1)) throw galenError(proofErrors.Stale({ height }));
  const light = await openLightClient(client, options);
  const outcome = await light.verifyToHeight(height);
  if (outcome.verdict === "ok") return trustAt(client.trust!, outcome.header);
  throw notFollowed(outcome, height);
}

/** Why a light client gave no header, as a refusal. */
export function notFollowed(outcome: Exclude<LightOutcome, { verdict: "ok" }>, height: number): GalenError {
  if (outcome.verdict === "refused")
    return galenError(proofErrors.ValidatorsNotFollowed({ fault: outcome.reason, height: outcome.height }));
  return galenError(proofErrors.ValidatorsNotFollowed({ fault: outcome.verdict, height }));
}

function trustAt(before: Trust, { height, time, validatorsHash }: Header): Trust {
  const present = { validatorsHash: bytesToHex(validatorsHash), height, seenAt: toMilliseconds(time) };
  if (present.validatorsHash === before.validatorsHash) return { ...before, ...present };
  return withEarlierSet({ chainId: before.chainId, ...present }, before, height - 1);
}
