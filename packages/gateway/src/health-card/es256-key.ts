import { type Es256Key, es256Thumbprint } from "@galen/sdk/keys/es256-key";
import { HealthCardError } from "./health-card-error.ts";

/** An issuer's key, with the secret half. */
export interface IssuerSecretKey extends Es256Key {
  readonly d: string;
}

const ALGORITHM = { name: "ECDSA", namedCurve: "P-256" } as const;

/** A fresh key for an organisation that issues cards. */
export async function createIssuerKey(): Promise<IssuerSecretKey> {
  const { privateKey } = await crypto.subtle.generateKey(ALGORITHM, true, ["sign", "verify"]);
  const { x, y, d } = await crypto.subtle.exportKey("jwk", privateKey);
  const point = { kty: "EC", crv: "P-256", x: x!, y: y! } as const;
  return { ...point, kid: await es256Thumbprint(point), use: "sig", alg: "ES256", d: d! };
}

/** What verifiers may know of a key. */
export function publicHalf({ kty, crv, x, y, kid, use, alg }: Es256Key): Es256Key {
  return { kty, kid, use, alg, crv, x, y };
}

/** Whether a key of a set is one by which cards are signed, under its own thumbprint. */
export async function isIssuerKey(value: unknown): Promise<boolean> {
  const { kty, crv, x, y, kid, use, alg } = { ...(value as Record<string, unknown> | null) };
  const isNamed = kty === "EC" && crv === "P-256" && use === "sig" && alg === "ES256";
  if (!isNamed || typeof x !== "string" || typeof y !== "string") return false;
  return kid === (await es256Thumbprint({ x, y }));
}

/** The key whose JSON this is; undefined for any other secret, of which no error may repeat a word. */
export async function readIssuerKey(secret: Uint8Array): Promise<IssuerSecretKey | undefined> {
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder().decode(secret));
  } catch {
    return undefined;
  }
  return (await isIssuerKey(value)) && typeof (value as IssuerSecretKey).d === "string" ? (value as IssuerSecretKey) : undefined;
}

export async function importPublic(key: Es256Key): Promise<CryptoKey> {
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

/** Undefined for what is none. */
export function fromBase64Url(text: string): Uint8Array<ArrayBuffer> | undefined {
  if (!/^[\w-]*$/.test(text)) return undefined;
  try {
    return Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (character) => character.charCodeAt(0));
  } catch {
    return undefined;
  }
}
