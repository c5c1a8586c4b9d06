import { bytesToHex } from "@galen/ledger/crypto/hex";
import type { IssueCredential } from "@galen/ledger/modules/credentials/schema";
import type { CredentialType } from "@galen/ledger/modules/governance/schema";
import { webRandom } from "@galen/sdk/keys/random";

/** What somebody is certified to be or to be able to do. Times are milliseconds since 1970. */
export interface Certified {
  readonly holder: { readonly account: string; readonly name: string };
  readonly issuer: { readonly account: string; readonly name: string };
  readonly credentialType: CredentialType;
  readonly scope?: string;
  readonly validFrom: number;
  readonly validUntil: number;
}

/** The credential itself, for its holder, and what of it goes on the ledger. */
export interface Certificate {
  /** JSON with names in it: it is handed to the holder and stands nowhere else. */
  readonly file: string;
  readonly statement: IssueCredential;
}

/** Writes a certificate. Its salt keeps anybody who guesses the names from finding them in the hash. */
export async function writeCertificate({ holder, issuer, ...terms }: Certified): Promise<Certificate> {
  const credentialId = bytesToHex(webRandom(32));
  const content = { format: "galen-certificate", version: 1, credentialId, holder, issuer, ...terms, salt: bytesToHex(webRandom(32)) };
  const file = JSON.stringify(content, undefined, 2);
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(file));
  const claimsHash = bytesToHex(new Uint8Array(digest));
  return { file, statement: { credentialId, holder: holder.account, ...terms, claimsHash } };
}
