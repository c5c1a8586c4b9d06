import { type Genesis, genesisHash } from "@galen/ledger/app/genesis";
import { portableCrypto } from "@galen/ledger/crypto/portable";
import { type Trust, trustOfGenesis } from "@galen/sdk/proofs/trust";

/** The network that this browser believes: met first, or taken over from a genesis document. */
export interface PinnedNetwork extends Trust {
  readonly genesisHash: string;
  /** When it was pinned, milliseconds since 1970. */
  readonly since: number;
}

const STORED = "galen.network";

export function readPinned(): PinnedNetwork | undefined {
  const text = localStorage.getItem(STORED);
  return text === null ? undefined : (JSON.parse(text) as PinnedNetwork);
}

/** Believes the founders of this document from now on. */
export function pinNetwork(document: Genesis): PinnedNetwork {
  const pinned = { ...trustOfGenesis(document, portableCrypto), genesisHash: genesisHash(document, portableCrypto), since: Date.now() };
  localStorage.setItem(STORED, JSON.stringify(pinned));
  return pinned;
}

export function forgetPinned(): void {
  localStorage.removeItem(STORED);
}
