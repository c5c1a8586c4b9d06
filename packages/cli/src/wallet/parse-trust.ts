import type { Trust } from "@galen/sdk/proofs/trust";
import { errors } from "../errors.ts";

/** Reads a network and its validators from a trust file (`network.json` of a wallet). Throws cli/NoTrust, which quotes nothing of the file. */
export function parseTrust(text: string, path: string): Trust {
  const { chainId, validatorsHash, height = 1, earlier = [] } = parseObject(text);
  const isWhole = isSet({ chainId, validatorsHash }) && Number.isSafeInteger(height) && Array.isArray(earlier);
  if (!isWhole || !earlier.every((set: unknown) => isSet(set) && Number.isSafeInteger((set as { untilHeight: unknown }).untilHeight)))
    throw errors.NoTrust({ path });
  return { chainId, validatorsHash, height, earlier } as Trust;
}

function isSet(value: unknown): boolean {
  const { chainId, validatorsHash } = { ...(value as { chainId?: unknown; validatorsHash?: unknown } | null) };
  return typeof chainId === "string" && typeof validatorsHash === "string" && /^[0-9a-f]{64}$/.test(validatorsHash);
}

function parseObject(text: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null ? { ...value } : {};
  } catch {
    return {}; // refused by the caller
  }
}
