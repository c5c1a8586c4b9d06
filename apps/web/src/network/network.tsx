import { genesisHash } from "@galen/ledger/app/genesis";
import { portableCrypto } from "@galen/ledger/crypto/portable";
import { type Client, createClient } from "@galen/sdk/client/client";
import { GalenError } from "@galen/sdk/client/galen-error";
import { genesis } from "@galen/sdk/client/status";
import { useQuery } from "@tanstack/react-query";
import { queries } from "../frame/queries.ts";
import { browserCrypto } from "./browser-crypto.ts";
import { fetchFromNode } from "./clock.ts";
import { newestHeight } from "./heights.ts";
import { keepTrust, type PinnedNetwork, pinNetwork, readPinned } from "./pinned-network.ts";

/** The node that served this page, believed as far as its proofs go. */
export interface Network {
  readonly client: Client;
  readonly pinned: PinnedNetwork;
  /** Of the chain when the network was opened: nothing that is asked later is older. Undefined where the node could not be asked. */
  readonly height: number | undefined;
}

/** The node belongs to another network than the one that this browser believes. */
export class OtherNetworkError extends Error {
  override readonly name = "OtherNetworkError";
  readonly pinned: string;
  readonly found: string;

  constructor({ pinned, found }: { readonly pinned: string; readonly found: string }) {
    super(`this browser trusts ${pinned}, the node belongs to ${found}`);
    this.pinned = pinned;
    this.found = found;
  }
}

/**
 * Opens the network of the node behind this page. The first one that a browser meets is the one that it believes; without a connection, what was pinned
 * suffices. Rejects with OtherNetworkError, GalenError.
 */
export async function openNetwork(): Promise<Network> {
  const pinned = readPinned();
  if (pinned && !navigator.onLine) return networkOf(pinned);
  const document = await askGenesis(location.origin, pinned !== undefined);
  if (pinned && !document) return networkOf(pinned);
  if (!document) throw new Error("the node told no genesis document");
  const believed = pinned ?? pinNetwork(document);
  if (genesisHash(document, portableCrypto) !== believed.genesisHash)
    throw new OtherNetworkError({ pinned: believed.chainId, found: document.chainId });
  return networkOf(believed);
}

/** Who waits before the screen may rather have it sent again. */
const LOOK_MS = 10_000;

function networkOf(pinned: PinnedNetwork): Network {
  const client = createClient({
    url: location.origin,
    trust: pinned,
    onTrust: (followed) => keepTrust(pinned, followed),
    crypto: browserCrypto,
    fetch: fetchFromNode,
    lookMs: LOOK_MS,
  });
  return { pinned, client, height: newestHeight() };
}

/** The document of the node's network; undefined where the node is away and its network is known without it. */
async function askGenesis(url: string, isKnown: boolean) {
  try {
    return await genesis(createClient({ url, fetch: fetchFromNode }));
  } catch (error) {
    if (isKnown && error instanceof GalenError && error.id.startsWith("client/")) return undefined;
    throw error;
  }
}

export const networkQuery = { queryKey: ["network"], queryFn: openNetwork, staleTime: Number.POSITIVE_INFINITY, retry: 1 };

/** The network as a query: its states are shown by whoever needs it. */
export function useNetwork() {
  return useQuery(networkQuery);
}

/** The network for an act that somebody begins, perhaps before it is open: then the act waits. Asks again where it could not be opened. Rejects as `openNetwork`. */
export const requireNetwork = (): Promise<Network> => queries.query(networkQuery);
