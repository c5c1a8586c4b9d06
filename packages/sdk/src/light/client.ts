import { type Header, headerHash } from "@galen/ledger/block/header";
import { equalBytes } from "@galen/ledger/crypto/bytes";
import type { CryptoProvider } from "@galen/ledger/crypto/provider";
import { type BisectFailure, bisect } from "./bisect.ts";
import type { LightBlock } from "./light-block.ts";
import { fetchLightBlock, type LightProvider } from "./provider.ts";
import { createMemoryStore, type LightStore } from "./store.ts";
import { backwardFault, type InvalidReason, isExpired, lightBlockFault, type TrustPolicy } from "./verify.ts";
import { compareWithWitnesses } from "./witnesses.ts";

const MAX_CLOCK_DRIFT_MS = 10_000;
const ONE_THIRD = { numerator: 1, denominator: 3 };

export interface LightClientOptions extends Partial<TrustPolicy> {
  readonly chainId: string;
  /** The block that the user trusts, from a source of the user's choosing. */
  readonly trust: { readonly height: number; readonly hash: Uint8Array };
  readonly trustingPeriodMs: number;
  readonly provider: LightProvider;
  /** Independent nodes that must not contradict `provider`. */
  readonly witnesses?: readonly LightProvider[];
  readonly store?: LightStore;
  readonly crypto: CryptoProvider;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/** How one header came to be trusted. */
export interface Step {
  readonly height: number;
  /** `kept` from earlier or as the anchor; `signed` by a set that a trusted block vouches for; `linked` by the hash in the header after it. */
  readonly by: "kept" | "signed" | "linked";
}

/** Why there is no verified header. `height` is where it went wrong. */
export interface Refused {
  readonly verdict: "refused";
  readonly reason: InvalidReason | BisectFailure["reason"] | "wrong-trusted-hash" | "header-not-linked" | "no-witness-agrees";
  readonly height: number;
}

export type LightOutcome =
  | { readonly verdict: "ok"; readonly header: Header; readonly steps: readonly Step[] }
  | Refused
  /** Two headers, each with the signatures it needs: a fork, or an attack. Both are evidence. */
  | { readonly verdict: "conflicting-headers"; readonly primary: LightBlock; readonly witness: LightBlock };

export interface LightClient {
  /**
   * The header at `height` (1 or more), verified from what is trusted so far. Refusals are values; it rejects with what the provider rejects with,
   * and with RangeError on a height that is none.
   */
  verifyToHeight(height: number): Promise<LightOutcome>;
}

/** A light client: trusts one block of the user's choice and verifies every other header from it (cometbft light/client.go). */
export function createLightClient(options: LightClientOptions): LightClient {
  const client: Client = {
    maxClockDriftMs: MAX_CLOCK_DRIFT_MS,
    trustLevel: ONE_THIRD,
    witnesses: [],
    store: createMemoryStore(),
    ...options,
  };
  return {
    async verifyToHeight(height) {
      if (!Number.isSafeInteger(height) || height < 1) throw new RangeError(`verifyToHeight: ${height} is no height`);
      const refused = await anchor(client);
      if (refused) return refused;
      const kept = await client.store.load(height);
      if (kept) return { verdict: "ok", header: kept.header, steps: [{ height, by: "kept" }] };

      const heights = await client.store.heights();
      const below = await loadAt(
        client,
        heights.findLast((at) => at < height),
      );
      const above = await loadAt(
        client,
        heights.find((at) => at > height),
      );
      const mayGoForward = below && !(above && isExpired(below.header, { ...client, nowMs: client.now() }));
      return mayGoForward ? forward(client, below, height) : backward(client, above!, height);
    },
  };
}

type Client = LightClientOptions & TrustPolicy & { readonly witnesses: readonly LightProvider[]; readonly store: LightStore };

/** Takes the user's trusted block into the store, once. */
async function anchor({ trust, store, provider, crypto, chainId }: Client): Promise<Refused | undefined> {
  const kept = await store.load(trust.height);
  const block = kept ?? (await fetchLightBlock(provider, trust.height, crypto.sha256));
  const refuse = (reason: Refused["reason"]): Refused => ({ verdict: "refused", reason, height: trust.height });
  if (!block) return refuse("header-not-found");
  if (!equalBytes(headerHash(block.header, crypto.sha256), trust.hash)) return refuse("wrong-trusted-hash");
  if (block.header.chainId !== chainId) return refuse("wrong-chain");
  const fault = kept ? undefined : lightBlockFault(block, crypto);
  if (fault) return refuse(fault);

  if (!kept) await store.save(block);
  return undefined;
}

async function forward(client: Client, from: LightBlock, height: number): Promise<LightOutcome> {
  const check = { ...client, nowMs: client.now() };
  const found = await bisect({ ...check, from, height });
  if ("reason" in found) return { verdict: "refused", ...found };
  const target = found.trace.at(-1)!;
  const witness = await compareWithWitnesses({ ...check, from, block: target });
  if (witness === "none-agrees") return { verdict: "refused", reason: "no-witness-agrees", height };
  if (witness !== "agreed") return { verdict: "conflicting-headers", primary: target, witness };

  for (const block of found.trace) await client.store.save(block);
  const steps = found.trace.map(({ header }): Step => ({ height: header.height, by: "signed" }));
  return { verdict: "ok", header: target.header, steps: [{ height: from.header.height, by: "kept" }, ...steps] };
}

async function backward(client: Client, from: LightBlock, height: number): Promise<LightOutcome> {
  let header = from.header;
  const steps: Step[] = [{ height: header.height, by: "kept" }];
  while (header.height > height) {
    const older = await client.provider.signedHeader(header.height - 1);
    const reason = older ? backwardFault(header, older.header, client.crypto) : "header-not-found";
    if (!older || reason) return { verdict: "refused", reason: reason ?? "header-not-found", height: header.height - 1 };
    header = older.header;
    steps.push({ height: header.height, by: "linked" });
  }
  return { verdict: "ok", header, steps };
}

async function loadAt({ store }: Client, height: number | undefined): Promise<LightBlock | undefined> {
  return height === undefined ? undefined : store.load(height);
}
