import { type Genesis, genesisHash } from "@galen/ledger/app/genesis";
import { portableCrypto } from "@galen/ledger/crypto/portable";
import { type Trust, trustOfGenesis } from "@galen/sdk/proofs/trust";
import { keptByBrowser } from "../storage/kept.ts";

/** The network that this browser believes: met first, or taken over from a genesis document; and whom it was followed to since. */
export interface PinnedNetwork extends Trust {
  readonly genesisHash: string;
  /** When it was pinned, milliseconds since 1970. */
  readonly since: number;
}

const STORED = "galen.network";

export function readPinned(): PinnedNetwork | undefined {
  const text = keptByBrowser.get(STORED);
  if (text === null) return undefined;
  const pinned = JSON.parse(text) as PinnedNetwork;
  return { seenAt: pinned.since, ...pinned }; // founders are trusted from when they were met
}

/** Believes the founders of this document from now on. */
export function pinNetwork(document: Genesis): PinnedNetwork {
  const since = Date.now();
  const pinned = { ...trustOfGenesis(document, portableCrypto), genesisHash: genesisHash(document, portableCrypto), since, seenAt: since };
  keptByBrowser.set(STORED, JSON.stringify(pinned));
  return pinned;
}

/** Keeps in whom the trust in a pinned network was followed to. Where storage takes nothing, it is followed again the next time. */
export function keepTrust(pinned: PinnedNetwork, trust: Trust): void {
  // Another tab may have gone further, or to another network.
  const stored = readPinned();
  const isOlder = stored?.genesisHash === pinned.genesisHash && (stored.height ?? 0) < (trust.height ?? 0);
  if (isOlder) keptByBrowser.set(STORED, JSON.stringify({ ...pinned, ...trust }));
}

export function forgetPinned(): void {
  keptByBrowser.remove(STORED);
}
