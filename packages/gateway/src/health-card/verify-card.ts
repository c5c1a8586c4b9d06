import type { Es256Key } from "@galen/sdk/keys/es256-key";
import { inflateUpTo } from "@galen/sdk/seal/deflate";
import { isList, isObject, type JsonObject, numberTextAt, objectAt, objectsAt, textAt } from "../fhir/json-value.ts";
import { readJson } from "../fhir/read-json.ts";
import { fromBase64Url, importPublic, isIssuerKey } from "./es256-key.ts";
import { HealthCardError } from "./health-card-error.ts";

/** What stands on a card whose signature holds. */
export interface HealthCard {
  /** Address of the issuer, https. Whose it is, the card does not say: a verifier knows its issuers. */
  readonly issuer: string;
  /** Milliseconds since 1970. */
  readonly validFrom: number;
  /** Undefined: without an end. */
  readonly validUntil: number | undefined;
  /** Such as `https://smarthealth.cards#immunization`. */
  readonly types: readonly string[];
  readonly bundle: JsonObject;
}

export interface VerifyOptions {
  /** The keys of the issuers that one believes, as their `jwks.json` hold them. */
  readonly keys: readonly Es256Key[];
  /** Milliseconds since 1970. */
  readonly now: number;
}

export const HEALTH_CARD = "https://smarthealth.cards#health-card";
/** A card fits one code; a hundred times as much is a bomb. */
const MAX_PAYLOAD_BYTES = 262_144;
/** Seconds from here on are milliseconds that somebody took for seconds. */
const LATEST_SECONDS = 100_000_000_000;

/** Checks a card as the specification says and reads it. Rejects with HealthCardError. */
export async function verifyHealthCard(jws: string, { keys, now }: VerifyOptions): Promise<HealthCard> {
  const { text, header, payload, signature } = partsOf(jws);
  const key = await keyFor(readObject(header, "NotACard"), keys);
  await requireSignature(key, { signature, text });
  return readCard(await readPayload(payload), now);
}

/**
 * Whom a card names as its issuer, to find out whose keys it has to stand against. It is not verified: anybody can write anybody's address on a card. Rejects with
 * HealthCardError NotACard, NotCompressed, BadContent.
 */
export async function issuerNamedOn(jws: string): Promise<string> {
  const { payload } = partsOf(jws);
  return textAt(await readPayload(payload), "iss") ?? "";
}

interface Parts {
  /** What is signed. */
  readonly text: string;
  readonly header: Uint8Array<ArrayBuffer>;
  readonly payload: Uint8Array<ArrayBuffer>;
  readonly signature: Uint8Array<ArrayBuffer>;
}

function partsOf(jws: string): Parts {
  const [head = "", body = "", mac = "", ...rest] = jws.split(".");
  const [header, payload, signature] = [fromBase64Url(head), fromBase64Url(body), fromBase64Url(mac)];
  if (!header || !payload || !signature || rest.length > 0) throw new HealthCardError("NotACard");
  return { text: `${head}.${body}`, header, payload, signature };
}

async function readPayload(payload: Uint8Array<ArrayBuffer>): Promise<JsonObject> {
  const unpacked = await inflateUpTo(payload, MAX_PAYLOAD_BYTES);
  if (!unpacked) throw new HealthCardError("NotCompressed");
  return readObject(unpacked, "BadContent");
}

async function keyFor(header: JsonObject, keys: readonly Es256Key[]): Promise<Es256Key> {
  if (header.alg !== "ES256") throw new HealthCardError("NotES256");
  if (header.zip !== "DEF") throw new HealthCardError("NotCompressed");
  const key = keys.find(({ kid }) => kid === header.kid);
  if (!key) throw new HealthCardError("UnknownKey");
  if (!(await isIssuerKey(key))) throw new HealthCardError("BadKey");
  return key;
}

/** RFC 7518 §3.4: R and S one after the other, 32 bytes each; a DER signature is none. */
async function requireSignature(key: Es256Key, { signature, text }: Pick<Parts, "signature" | "text">): Promise<void> {
  const algorithm = { name: "ECDSA", hash: "SHA-256" };
  const holds =
    signature.length === 64 && (await crypto.subtle.verify(algorithm, await importPublic(key), signature, new TextEncoder().encode(text)));
  if (!holds) throw new HealthCardError("Forged");
}

function readObject(bytes: Uint8Array, fault: "NotACard" | "BadContent"): JsonObject {
  try {
    const value = readJson(bytes, "card");
    if (isObject(value)) return value;
  } catch (cause) {
    throw new HealthCardError(fault, { cause });
  }
  throw new HealthCardError(fault);
}

function readCard(payload: JsonObject, now: number): HealthCard {
  const issuer = textAt(payload, "iss") ?? "";
  const [from, until] = [secondsAt(payload, "nbf"), payload.exp === undefined ? undefined : secondsAt(payload, "exp")];
  const credential = objectAt(payload, "vc");
  const types = typesOf(credential);
  const bundle = objectAt(objectAt(credential, "credentialSubject"), "fhirBundle");
  // The issuer's address is compared letter by letter, so it has one form.
  const isWhole = /^https:\/\/.+[^/]$/.test(issuer) && types.includes(HEALTH_CARD) && objectsAt(bundle ?? {}, "entry").length > 0;
  if (!isWhole || !bundle) throw new HealthCardError("BadContent");
  if (from > now) throw new HealthCardError("NotYet");
  if (until !== undefined && until <= now) throw new HealthCardError("Expired");
  return { issuer, validFrom: from, validUntil: until, types, bundle: { resourceType: "Bundle", ...bundle } };
}

/** RFC 7519 §2 NumericDate, in milliseconds. */
function secondsAt(payload: JsonObject, name: string): number {
  const seconds = Number(numberTextAt(payload, name) ?? Number.NaN);
  if (!(seconds >= 0 && seconds < LATEST_SECONDS)) throw new HealthCardError("BadContent");
  return Math.floor(seconds * 1_000);
}

function typesOf(credential: JsonObject | undefined): readonly string[] {
  const types = credential?.type;
  return isList(types) ? types.filter((type): type is string => typeof type === "string") : [];
}
