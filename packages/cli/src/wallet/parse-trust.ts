import type { Trust } from "@galen/sdk/proofs/trust";
import { errors } from "../errors.ts";

/** The network that a wallet trusts, as `network.json` says it. */
export interface PinnedNetwork extends Trust {
  readonly genesisHash: string;
}

/** Reads a network and its validators from a trust file (`network.json` of a wallet). Throws cli/NoTrust, which quotes nothing of the file. */
export function parseTrust(text: string, path: string): Trust {
  const trust = trustIn(parseObject(text));
  if (!trust) throw errors.NoTrust({ path });
  return trust;
}

/** The network that a wallet has met. Throws cli/BrokenWallet. */
export function parsePinned(text: string, file: string): PinnedNetwork {
  const fields = parseObject(text);
  const trust = trustIn(fields);
  if (!trust || !isHash(fields.genesisHash)) throw errors.BrokenWallet({ file });
  return { ...trust, genesisHash: fields.genesisHash };
}

function trustIn({ chainId, validatorsHash, height = 1, seenAt, earlier = [] }: Readonly<Record<string, unknown>>): Trust | undefined {
  const isDated = seenAt === undefined || Number.isSafeInteger(seenAt);
  const isWhole = isSet({ chainId, validatorsHash }) && Number.isSafeInteger(height) && isDated && Array.isArray(earlier);
  if (!isWhole || !earlier.every((set: unknown) => isSet(set) && Number.isSafeInteger((set as { untilHeight: unknown }).untilHeight)))
    return undefined;
  return { chainId, validatorsHash, height, seenAt, earlier } as Trust;
}

function isSet(value: unknown): boolean {
  const { chainId, validatorsHash } = { ...(value as { chainId?: unknown; validatorsHash?: unknown } | null) };
  return typeof chainId === "string" && isHash(validatorsHash);
}

function isHash(value: unknown): value is string {
  return typeof value === "string" && /^[0-9a-f]{64}$/.test(value);
}

function parseObject(text: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null ? { ...value } : {};
  } catch {
    return {}; // refused by the caller
  }
}
