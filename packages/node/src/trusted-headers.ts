import { rpcUrls, type StateSyncSettings, TRUST_PERIOD_HOURS } from "@galen/engines/cometbft/settings";
import type { Header } from "@galen/ledger/block/header";
import { hexToBytes } from "@galen/ledger/crypto/hex";
import type { CryptoProvider } from "@galen/ledger/crypto/provider";
import { createLightClient, type LightOutcome } from "@galen/sdk/light/client";
import type { LightProvider } from "@galen/sdk/light/provider";
import { createRpcProvider } from "@galen/sdk/light/rpc-provider";

const HOUR_MS = 3_600_000;

export interface TrustedHeadersOptions extends StateSyncSettings {
  readonly chainId: string;
  readonly crypto: CryptoProvider;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/**
 * Gives the header of a height as a light client verifies it from the one that the operator trusts, under the rules by which CometBFT finds the app hash of
 * a snapshot. Each server is asked in turn, with the others as witnesses. Rejects with Error when none leads to a header.
 */
export function createTrustedHeaders({ trustHeight, trustHash, chainId, crypto, now, ...settings }: TrustedHeadersOptions) {
  const providers = rpcUrls(settings).map((url) => createRpcProvider({ url, sha256: crypto.sha256 }));

  function verify(provider: LightProvider, height: number): Promise<LightOutcome> {
    const witnesses = providers.filter((other) => other !== provider);
    const trust = { height: trustHeight, hash: hexToBytes(trustHash.toLowerCase()) ?? new Uint8Array(0) };
    return createLightClient({
      ...{ chainId, trust, provider, witnesses, crypto, now },
      trustingPeriodMs: TRUST_PERIOD_HOURS * HOUR_MS,
    }).verifyToHeight(height);
  }

  return async (height: number): Promise<Header> => {
    const faults: string[] = [];
    for (const provider of providers) {
      const outcome = await verify(provider, height).catch((error: unknown) => String(error));
      if (typeof outcome === "object" && outcome.verdict === "ok") return outcome.header;
      faults.push(typeof outcome === "string" ? outcome : outcome.verdict === "refused" ? outcome.reason : outcome.verdict);
    }
    throw new Error(`no server in stateSyncServers gives a header of block ${height} that the trusted one leads to: ${faults.join(", ")}`);
  };
}
