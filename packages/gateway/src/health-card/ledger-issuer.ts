import type { Client } from "@galen/sdk/client/client";
import { es256KeyOf, toBase64Url } from "@galen/sdk/keys/es256-key";
import { type CardSigner, type CardSignerPlace, fetchCardSigner } from "@galen/sdk/organisations/card-signer";
import type { IssuerSecretKey } from "./es256-key.ts";
import { HealthCardError } from "./health-card-error.ts";
import { type HealthCard, issuerNamedOn, verifyHealthCard } from "./verify-card.ts";

/** A card that holds, and the house of the alliance whose word it is. */
export interface LedgerCard extends HealthCard {
  /** Account, hex. */
  readonly organisation: string;
}

/** Where, under the address of a node, houses of the ledger are issuers. */
const PATH = "/v1/card-issuers";
const ADDRESS = /^https:\/\/[^/?#]+\/v1\/card-issuers\/([0-9a-f]{64})\/([0-9a-f]{64})$/;

/**
 * The address that a house's card signer writes on cards: it names both accounts, so that whoever trusts the ledger finds the key there and asks no server of the house.
 * For everybody else a node under that host tells the key below the address, where SMART Health Cards look for it.
 *
 * @param host of a node, such as `galen.example`
 */
export function issuerAddress(host: string, { organisation, signer }: CardSignerPlace): string {
  return `https://${host}${PATH}/${organisation}/${signer}`;
}

/** The accounts that an address names; undefined for the address of an issuer that is not on a ledger. */
export function parseIssuerAddress(issuer: string): CardSignerPlace | undefined {
  const [, organisation, signer] = ADDRESS.exec(issuer) ?? [];
  return organisation !== undefined && signer !== undefined ? { organisation, signer } : undefined;
}

/** The key with which a card signer signs cards. */
export async function issuerSecretKey({ secretKey, signers }: CardSigner): Promise<IssuerSecretKey> {
  return { ...(await es256KeyOf(signers[0]!.publicKey)), d: toBase64Url(secretKey) };
}

/**
 * Checks a card against the key that the ledger has of its issuer: a card signer that a house of the alliance has appointed, each record proven. Rejects with
 * HealthCardError, UnknownIssuer if the ledger knows none there and UnknownKey if it has another key or counts no longer, and with GalenError where the ledger cannot be read.
 */
export async function checkHealthCard(client: Client, jws: string): Promise<LedgerCard> {
  const place = parseIssuerAddress(await issuerNamedOn(jws));
  if (!place) throw new HealthCardError("UnknownIssuer");
  const { publicKey, isAllied, isAppointed } = await fetchCardSigner(client, place);
  if (!isAllied || !publicKey) throw new HealthCardError("UnknownIssuer");
  const keys = isAppointed ? [await es256KeyOf(publicKey)] : [];
  return { ...(await verifyHealthCard(jws, { keys, now: client.now() })), organisation: place.organisation };
}
