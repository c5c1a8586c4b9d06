import { p256Coordinates } from "@galen/sdk/keys/p256-key";
import { HealthCardError } from "./health-card-error.ts";

/** The public half of an issuer's key (RFC 7517), as `/.well-known/jwks.json` holds it. */
export interface IssuerKey {
  readonly kty: "EC";
  readonly crv: "P-256";
  readonly x: string;
  readonly y: string;
  /** SHA-256 thumbprint of the key (RFC 7638), base64url. */
  readonly kid: string;
  readonly use: "sig";
  readonly alg: "ES256";
}

/** With the secret half. */
export interface IssuerSecretKey extends IssuerKey {
  readonly d: string;
}

const ALGORITHM = { name: "ECDSA", namedCurve: "P-256" } as const;

/** A fresh key for an organisation that issues cards. */
export async function createIssuerKey(): Promise<IssuerSecretKey> {
  const { privateKey } = await crypto.subtle.generateKey(ALGORITHM, true, ["sign", "verify"]);
  const { x, y, d } = await crypto.subtle.exportKey("jwk", privateKey);
  const point = { kty: "EC", crv: "P-256", x: x!, y: y! } as const;
  return { ...point, kid: await thumbprint(point), use: "sig", alg: "ES256", d: d! };
}

/** A public key of the ledger, compressed (33 bytes), as verifiers of cards take it. Rejects with RangeError for what is no point. */
export async function issuerKeyOf(publicKey: Uint8Array): Promise<IssuerKey> {
  const { x, y } = p256Coordinates(publicKey);
  const point = { kty: "EC", crv: "P-256", x: toBase64Url(x), y: toBase64Url(y) } as const;
  return { ...point, kid: await thumbprint(point), use: "sig", alg: "ES256" };
}

/** What verifiers may know of a key. */
export function publicHalf({ kty, crv, x, y, kid, use, alg }: IssuerKey): IssuerKey {
  return { kty, kid, use, alg, crv, x, y };
}

/** Whether a key of a set is one by which cards are signed, under its own thumbprint. */
export async function isIssuerKey(value: unknown): Promise<boolean> {
  const { kty, crv, x, y, kid, use, alg } = { ...(value as Record<string, unknown> | null) };
  const isNamed = kty === "EC" && crv === "P-256" && use === "sig" && alg === "ES256";
  if (!isNamed || typeof x !== "string" || typeof y !== "string") return false;
  return kid === (await thumbprint({ x, y }));
}

export async function importPublic(key: IssuerKey): Promise<CryptoKey> {
  const { kty, crv, x, y } = key;
  try {
    return await crypto.subtle.importKey("jwk", { kty, crv, x, y }, ALGORITHM, false, ["verify"]);
  } catch (cause) {
    throw new HealthCardError("BadKey", { cause });
  }
}

export async function importSecret(key: IssuerSecretKey): Promise<CryptoKey> {
  const { kty, crv, x, y, d } = key;
  try {
    return await crypto.subtle.importKey("jwk", { kty, crv, x, y, d }, ALGORITHM, false, ["sign"]);
  } catch (cause) {
    throw new HealthCardError("BadKey", { cause });
  }
}

/** RFC 7638 §3: the members that a key must have, in the order of their names. */
async function thumbprint({ x, y }: Pick<IssuerKey, "x" | "y">): Promise<string> {
  const text = JSON.stringify({ crv: "P-256", kty: "EC", x, y });
  return toBase64Url(new Uint8Array(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text))));
}

export function toBase64Url(bytes: Uint8Array): string {
  const text = Array.from(bytes, (byte) => String.fromCharCode(byte)).join("");
  return btoa(text).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

/** Undefined for what is none. */
export function fromBase64Url(text: string): Uint8Array<ArrayBuffer> | undefined {
  if (!/^[\w-]*$/.test(text)) return undefined;
  try {
    return Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (character) => character.charCodeAt(0));
  } catch {
    return undefined;
  }
}
