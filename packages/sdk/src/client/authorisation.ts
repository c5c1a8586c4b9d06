import { bytesToHex } from "@galen/ledger/crypto/hex";
import { requestBytes } from "@galen/ledger/tx/request-authorisation";
import type { Actor } from "./actor.ts";
import type { Client } from "./client.ts";

/** What the header covers; `path` with its query, as sent. */
export interface AuthorisedRequest {
  readonly chainId: string;
  readonly method: string;
  readonly path: string;
  readonly body: Uint8Array;
}

/** The `authorization` header with which an account signs one request: a nonce makes it good for one only. */
export async function authorisation(client: Client, { account, signers }: Actor, request: AuthorisedRequest): Promise<string> {
  const signer = signers[0];
  if (!signer) throw new RangeError("an actor needs at least one signer");
  const [at, nonce] = [client.now(), bytesToHex(client.random(16))];
  const signature = bytesToHex(await signer.sign(requestBytes({ ...request, at, nonce }, client.crypto.sha256)));
  const key = bytesToHex(signer.publicKey);
  return `Galen account="${account}", key="${key}", at="${at}", nonce="${nonce}", signature="${signature}"`;
}
