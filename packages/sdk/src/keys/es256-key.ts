import { p256Coordinates } from "./p256-key.ts";

/** The public half of a P-256 key that signs by ES256, as JOSE writes it (RFC 7517, RFC 7518 §6.2.1). */
export interface Es256Key {
  readonly kty: "EC";
  readonly crv: "P-256";
  readonly x: string;
  readonly y: string;
  /** SHA-256 thumbprint of the key (RFC 7638), base64url. */
  readonly kid: string;
  readonly use: "sig";
  readonly alg: "ES256";
}

/** A public key of the ledger, compressed (33 bytes), as verifiers of cards take it. Rejects with RangeError for what is no point. */
export async function es256KeyOf(publicKey: Uint8Array): Promise<Es256Key> {
  const { x, y } = p256Coordinates(publicKey);
  const point = { kty: "EC", crv: "P-256", x: toBase64Url(x), y: toBase64Url(y) } as const;
  return { ...point, kid: await es256Thumbprint(point), use: "sig", alg: "ES256" };
}

/** RFC 7638 §3: over the members that a key must have, in the order of their names. */
export async function es256Thumbprint({ x, y }: Pick<Es256Key, "x" | "y">): Promise<string> {
  const text = JSON.stringify({ crv: "P-256", kty: "EC", x, y });
  return toBase64Url(new Uint8Array(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text))));
}

export function toBase64Url(bytes: Uint8Array): string {
  const text = Array.from(bytes, (byte) => String.fromCharCode(byte)).join("");
  return btoa(text).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}
