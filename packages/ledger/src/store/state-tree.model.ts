import { concatBytes } from "../crypto/bytes.ts";
import { portableCrypto } from "../crypto/portable.ts";
import type { CryptoProvider } from "../crypto/provider.ts";
import { stateKeyBytes } from "./state-hash.ts";

/**
 * The state root straight from its definition (`state-hash.ts`), with nothing of the store: what every history of changes must lead to.
 */
export function modelRoot(crypto: CryptoProvider, values: ReadonlyMap<string, Uint8Array>): Uint8Array {
  const leaves = [...values].map(([key, value]) => ({ path: crypto.sha256(stateKeyBytes(key)!), valueHash: crypto.sha256(value) }));
  return subtree(crypto, leaves, 0);
}

type Leaf = { readonly path: Uint8Array; readonly valueHash: Uint8Array };

function subtree(crypto: CryptoProvider, leaves: readonly Leaf[], depth: number): Uint8Array {
  const [first] = leaves;
  if (first === undefined) return new Uint8Array(32);
  if (leaves.length === 1) return crypto.sha256(concatBytes([crypto.sha256(concatBytes([first.path, first.valueHash])), tag]));
  const bit = ({ path }: Leaf) => path[depth >> 3]! & (128 >> (depth & 7));
  const left = leaves.filter((leaf) => !bit(leaf));
  const right = leaves.filter(bit);
  return crypto.sha256(concatBytes([subtree(crypto, left, depth + 1), subtree(crypto, right, depth + 1)]));
}

const tag = new Uint8Array(32);
tag.set([..."galen/state/leaf"].map((character) => character.charCodeAt(0)));

/**
 * SHA-256, but a key "#…" of hexadecimal digits has these as its path, zeros after them. So tests reach depths at which no two real keys
 * have ever met.
 */
export const chosenPathCrypto: CryptoProvider = {
  ...portableCrypto,
  sha256: chosenHash,
  sha256Into: (data, output, at) => output.set(chosenHash(data), at),
};

function chosenHash(data: Uint8Array): Uint8Array {
  const text = data.length <= 65 ? String.fromCharCode(...data) : "";
  if (!/^#[0-9a-f]+$/.test(text)) return portableCrypto.sha256(data);
  const digits = text.slice(1).padEnd(64, "0");
  return Uint8Array.from({ length: 32 }, (_, i) => Number.parseInt(digits.slice(2 * i, 2 * i + 2), 16));
}
