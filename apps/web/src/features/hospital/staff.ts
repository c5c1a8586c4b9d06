import type { Membership } from "@galen/ledger/modules/accounts/schema";
import type { Credential, Standing } from "@galen/ledger/modules/credentials/schema";
import { credentialTypes } from "@galen/sdk/acts/vocabulary";
import type { Client } from "@galen/sdk/client/client";
import { GalenError } from "@galen/sdk/client/galen-error";
import { query } from "@galen/sdk/client/query";
import { useQuery } from "@tanstack/react-query";
import { useNetwork } from "../../network/network.tsx";

/** A credential and what it is worth now. */
export interface HeldCredential {
  readonly credential: Credential;
  readonly standing: Standing;
}

/** What the ledger says of somebody at a house. */
export interface StaffFacts {
  /** Undefined for somebody who has no role there. */
  readonly membership: Membership | undefined;
  readonly credentials: readonly HeldCredential[];
}

export function useStaffFacts({ organisation, member }: { readonly organisation: string; readonly member: string }) {
  const network = useNetwork();
  return useQuery({
    queryKey: ["staff", organisation, member],
    enabled: network.data !== undefined,
    async queryFn(): Promise<StaffFacts> {
      const { client } = network.data!;
      const [membership, credentials] = await Promise.all([membershipOf(client, { organisation, member }), credentialsOf(client, member)]);
      return { membership, credentials };
    },
  });
}

async function membershipOf(
  client: Client,
  of: { readonly organisation: string; readonly member: string },
): Promise<Membership | undefined> {
  try {
    return (await query<Membership>(client, "accounts.member", of)).result;
  } catch (error) {
    if (error instanceof GalenError && error.id === "accounts/UnknownMember") return undefined;
    throw error;
  }
}

async function credentialsOf(client: Client, holder: string): Promise<readonly HeldCredential[]> {
  const held = await Promise.all(
    Object.keys(credentialTypes).map((credentialType) =>
      query<{ readonly credentials: readonly HeldCredential[] }>(client, "credentials.held", { holder, credentialType }),
    ),
  );
  return held.flatMap(({ result }) => result.credentials);
}
