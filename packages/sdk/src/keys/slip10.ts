import { hmac } from "@noble/hashes/hmac.js";
import { sha512 } from "@noble/hashes/sha2.js";

/** A node of an Ed25519 key tree (SLIP-0010): the private key is the Ed25519 seed. */
export interface Slip10Node {
  readonly privateKey: Uint8Array;
  readonly chainCode: Uint8Array;
}

/** SLIP-0010 "Master key generation" for curve ed25519. `seed` 16 to 64 bytes. */
export function slip10Master(seed: Uint8Array): Slip10Node {
  if (seed.length < 16 || seed.length > 64) throw new RangeError("SLIP-0010: a seed has 16 to 64 bytes");
  return split(hmac(sha512, new TextEncoder().encode("ed25519 seed"), seed));
}

/** SLIP-0010 "Private parent key -> private child key" for curve ed25519, which knows hardened children only: `index` i means i'. */
export function slip10Child({ privateKey, chainCode }: Slip10Node, index: number): Slip10Node {
  if (!Number.isInteger(index) || index < 0 || index >= HARDENED) throw new RangeError("SLIP-0010: an index lies between 0 and 2^31 - 1");
  const data = new Uint8Array(37); // 0x00 ‖ private key ‖ index
  data.set(privateKey, 1);
  new DataView(data.buffer).setUint32(33, HARDENED + index);
  return split(hmac(sha512, chainCode, data));
}

const HARDENED = 0x80000000;

function split(bytes: Uint8Array): Slip10Node {
  return { privateKey: bytes.slice(0, 32), chainCode: bytes.slice(32) };
}
