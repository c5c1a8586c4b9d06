import type { Trust } from "@galen/sdk/proofs/trust";
import { errors } from "../errors.ts";

/** Reads a network and its validators from a trust file (`network.json` of a wallet). Throws cli/NoTrust, which quotes nothing of the file. */
export function parseTrust(text: string, path: string): Trust {
  const { chainId, validatorsHash } = parseObject(text);
  if (typeof chainId !== "string" || typeof validatorsHash !== "string" || !/^[0-9a-f]{64}$/.test(validatorsHash))
    throw errors.NoTrust({ path });
  return { chainId, validatorsHash };
}

function parseObject(text: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null ? { ...value } : {};
  } catch {
    return {}; // refused by the caller
  }
}
