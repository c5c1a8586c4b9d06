import { bytesToHex } from "@galen/ledger/crypto/hex";
import type { Credential, Standing } from "@galen/ledger/modules/credentials/schema";
import { standingAt } from "@galen/ledger/modules/credentials/standing";
import { credentials } from "@galen/ledger/modules/credentials/state";
import type { CredentialType } from "@galen/ledger/modules/governance/schema";
import { issuers } from "@galen/ledger/modules/governance/state";
import { readHex } from "../client/answer.ts";
import type { Client } from "../client/client.ts";
import { query } from "../client/query.ts";
import { provenState } from "../proofs/proven-state.ts";
import { readProvenList } from "../proofs/read-proven.ts";
import { provenDocuments } from "./proven-documents.ts";

/** What the author of a document was qualified for when it was filed. */
export interface AuthorStanding {
  readonly author: string;
  /** Block time of the filing, milliseconds since 1970. */
  readonly filedAt: number;
  /** Of the best credential of the type, at that time and by all that is known now; undefined where the author had none. */
  readonly standing: Standing | undefined;
}

const ID_SIZE = 32;

/**
 * Whether the author of a document held a credential of a type that counted at the block in which it was filed. Document, credentials and their issuers' registration are
 * proven, and judged here by the ledger's own rule. Which credentials there are the node says: one that hides some makes an author look unqualified, never qualified.
 * Rejects with GalenError client/UnknownObject, `proof/…`.
 */
export async function authorStanding(
  client: Client,
  { objectId, credentialType }: { readonly objectId: string; readonly credentialType: CredentialType },
): Promise<AuthorStanding> {
  const [document] = await provenDocuments(client, [objectId]);
  const { author, createdAt: filedAt } = document!;
  const held = await heldThen(client, { holder: author, credentialType, at: filedAt });
  const { state, prove } = provenState(client);
  await prove(issuers, [...new Set(held.map(({ issuer }) => issuer))]);
  const standings = held.map((credential) => standingAt({ state }, credential, filedAt));
  return { author, filedAt, standing: standings.find((standing) => standing === "valid") ?? standings[0] };
}

interface Asked {
  readonly holder: string;
  readonly credentialType: CredentialType;
  readonly at: number;
}

/** The credentials that the node names, as the ledger has them; those of somebody else or of another type are none. */
async function heldThen(client: Client, asked: Asked): Promise<readonly Credential[]> {
  const { result } = await query<{ readonly credentials: readonly { readonly credential: { readonly credentialId: unknown } }[] }>(
    client,
    "credentials.held",
    { ...asked },
  );
  const ids = result.credentials.map(({ credential }) => bytesToHex(readHex(credential.credentialId, "credentialId", ID_SIZE)));
  if (ids.length === 0) return [];
  const proven = await readProvenList(
    client,
    credentials,
    ids.map((id): [string] => [id]),
  );
  return proven.flatMap(({ value }) => (value?.holder === asked.holder && value.credentialType === asked.credentialType ? [value] : []));
}
