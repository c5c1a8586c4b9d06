import { toBase64Url } from "@galen/sdk/keys/es256-key";
import { deflate } from "@galen/sdk/seal/deflate";
import { type JsonObject, writeJson } from "../fhir/json-value.ts";
import { type IssuerSecretKey, importSecret } from "./es256-key.ts";
import { HEALTH_CARD } from "./verify-card.ts";

export interface IssueOptions {
  /** What stands on the card, small enough for one code: `cardBundle` makes it. */
  readonly bundle: JsonObject;
  /** Address of the organisation, https, without a slash at the end; verifiers look for `/.well-known/jwks.json` below it. */
  readonly issuer: string;
  readonly key: IssuerSecretKey;
  /** Milliseconds since 1970. */
  readonly now: number;
  /** Milliseconds since 1970; without an end unless given. */
  readonly validUntil?: number;
}

/** Signs a SMART Health Card as a JWS. Only an organisation can: a card is its word, not the patient's. Rejects with HealthCardError BadKey. */
export async function issueHealthCard({ bundle, issuer, key, now, validUntil }: IssueOptions): Promise<string> {
  const hasImmunization = JSON.stringify(bundle).includes('"Immunization"');
  const payload = {
    iss: issuer,
    nbf: Math.floor(now / 1_000),
    ...(validUntil !== undefined && { exp: Math.floor(validUntil / 1_000) }),
    vc: {
      type: [HEALTH_CARD, ...(hasImmunization ? ["https://smarthealth.cards#immunization"] : [])],
      credentialSubject: { fhirVersion: "4.0.1", fhirBundle: bundle },
    },
  };
  const header = toBase64Url(new TextEncoder().encode(JSON.stringify({ zip: "DEF", alg: "ES256", kid: key.kid })));
  const body = toBase64Url(await deflate(writeJson(payload)));
  const text = new TextEncoder().encode(`${header}.${body}`);
  const signature = await crypto.subtle.sign({ name: "ECDSA", hash: "SHA-256" }, await importSecret(key), text);
  return `${header}.${body}.${toBase64Url(new Uint8Array(signature))}`;
}
