import type { Credential, Standing } from "@galen/ledger/modules/credentials/schema";
import { type CredentialType, type Issuer, MAX_LISTED_ISSUERS } from "@galen/ledger/modules/governance/schema";
import { credentialTypes } from "@galen/sdk/acts/vocabulary";
import type { Client } from "@galen/sdk/client/client";
import { query } from "@galen/sdk/client/query";
import { useQuery } from "@tanstack/react-query";
import { useNetwork } from "../network/network.tsx";
import { useChain } from "../network/use-chain.ts";

/** A credential and what it is worth now. */
export interface HeldCredential {
  readonly credential: Credential;
  readonly standing: Standing;
}

export const allTypes = Object.keys(credentialTypes) as readonly CredentialType[];

export const heldKey = (holder: string) => ["credentials", holder] as const;

/** The credentials of somebody that have not expired. */
export function useHeldCredentials(holder: string) {
  const network = useNetwork();
  return useQuery({
    queryKey: heldKey(holder),
    enabled: network.data !== undefined,
    queryFn: () => credentialsOf(network.data!.client, holder),
  });
}

/** Rejects with GalenError. */
export async function credentialsOf(client: Client, holder: string): Promise<readonly HeldCredential[]> {
  const held = await Promise.all(
    allTypes.map((credentialType) =>
      query<{ readonly credentials: readonly HeldCredential[] }>(client, "credentials.held", { holder, credentialType }),
    ),
  );
  return held.flatMap(({ result }) => result.credentials);
}

/** Whether one of them is a licence to practise that counts now. */
export function hasLicence(held: readonly HeldCredential[]): boolean {
  return held.some(({ credential, standing }) => credential.credentialType === "practitioner-licence" && standing === "valid");
}

/** Who may issue a type now, by the registry of the alliance. */
export interface Registered {
  readonly issuer: string;
  readonly credentialTypes: readonly CredentialType[];
}

/** What an account is registered to issue; nothing while it is being looked up. */
export function useIssuable(account: string): readonly CredentialType[] {
  return useIssuers().data?.find(({ issuer }) => issuer === account)?.credentialTypes ?? [];
}

/** Everybody who may issue something now. */
export function useIssuers() {
  return useChain(["issuers"], registeredIssuers);
}

async function registeredIssuers(client: Client): Promise<readonly Registered[]> {
  const found: Registered[] = [];
  for (let from: string | undefined; ; from = found.at(-1)!.issuer) {
    const { issuers } = (await query<{ readonly issuers: readonly Issuer[] }>(client, "governance.issuers", { from })).result;
    // A page begins with the one that the page before ended with.
    const next = issuers.filter(({ issuer }) => issuer !== from);
    found.push(...next.map(({ issuer, changes }) => ({ issuer, credentialTypes: changes.at(-1)?.credentialTypes ?? [] })));
    if (issuers.length < MAX_LISTED_ISSUERS) return found.filter((one) => one.credentialTypes.length > 0);
  }
}
