import { hexToBytes } from "@galen/ledger/crypto/hex";
import { clientErrors, galenError } from "./galen-error.ts";

/** A JSON object of which nothing is known yet: it comes from a node, and nodes are asked, not believed. */
export type Answer = Readonly<Record<string, unknown>>;

/** An object, or rejects with client/UnexpectedAnswer; so do all readers here. */
export function readObject(value: unknown, name: string): Answer {
  if (typeof value !== "object" || value === null || Array.isArray(value)) throw unexpected(name);
  return value as Answer;
}

/** A list of at most `maxItems`: default no limit but the answer's own. */
export function readList(value: unknown, name: string, maxItems = Number.POSITIVE_INFINITY): readonly unknown[] {
  if (!Array.isArray(value) || value.length > maxItems) throw unexpected(name);
  return value;
}

export function readText(value: unknown, name: string): string {
  if (typeof value !== "string") throw unexpected(name);
  return value;
}

export function readInteger(value: unknown, name: string): number {
  if (!Number.isSafeInteger(value)) throw unexpected(name);
  return value as number;
}

/** Bytes in lowercase hexadecimal; as many as `size` says, if it does. */
export function readHex(value: unknown, name: string, size?: number): Uint8Array {
  const bytes = hexToBytes(readText(value, name));
  if (bytes === undefined || (size !== undefined && bytes.length !== size)) throw unexpected(name);
  return bytes;
}

function unexpected(field: string) {
  return galenError(clientErrors.UnexpectedAnswer({ field }));
}
