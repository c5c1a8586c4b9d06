import type { Membership } from "@galen/ledger/modules/accounts/schema";
import type { Client } from "@galen/sdk/client/client";
import { GalenError } from "@galen/sdk/client/galen-error";
import { inParallel } from "@galen/sdk/client/in-parallel";
import { query } from "@galen/sdk/client/query";

export interface Alliance {
  readonly members: readonly { readonly organisation: string; readonly since: number }[];
  readonly decision: { readonly numerator: number; readonly denominator: number };
}

/** A house of the alliance for which somebody works, and as what. */
export interface House {
  readonly organisation: string;
  readonly roles: Membership["roles"];
}

const PARALLEL = 6;

export async function fetchAlliance(client: Client): Promise<Alliance> {
  return (await query<Alliance>(client, "governance.members")).result;
}

/** The members of the alliance for which an account works now. */
export async function fetchHouses(client: Client, { members }: Alliance, account: string): Promise<readonly House[]> {
  const found = await inParallel(members, PARALLEL, ({ organisation }) => fetchHouse(client, organisation, account));
  return found.filter((house) => house !== undefined);
}

async function fetchHouse(client: Client, organisation: string, member: string): Promise<House | undefined> {
  try {
    const { roles, until } = (await query<Membership>(client, "accounts.member", { organisation, member })).result;
    return until !== undefined && until <= client.now() ? undefined : { organisation, roles };
  } catch (error) {
    if (error instanceof GalenError && error.id === "accounts/UnknownMember") return undefined;
    throw error;
  }
}
