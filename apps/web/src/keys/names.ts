import { type QueryClient, useQuery } from "@tanstack/react-query";
import { savedContacts, savedPeople } from "./people-store.ts";
import { townQuery } from "./sample-town.ts";

/** What this browser knows of an account. */
export interface Known {
  readonly name: string;
  readonly part?: string | undefined;
  /** Account of the organisation for which the person works. */
  readonly worksFor?: string | undefined;
}

/** Names by account. */
export type Names = ReadonlyMap<string, Known>;

const NONE: Names = new Map();

async function knownNames(queries: QueryClient): Promise<Names> {
  const asking = queries.query(townQuery).catch(() => undefined);
  const [town, contacts, people] = await Promise.all([asking, savedContacts(), savedPeople()]);
  return new Map(
    [...(town?.people ?? []), ...contacts, ...people].map(({ account, name, part, worksFor }) => [account, { name, part, worksFor }]),
  );
}

/** Whom this browser knows: own people, contacts, and the sample town where there is one. */
export function useNames(): Names {
  return useQuery({ queryKey: ["names"], queryFn: ({ client }) => knownNames(client), staleTime: 60_000 }).data ?? NONE;
}

/** The first and last letters of an id: enough to compare by eye. */
export function shortId(id: string): string {
  return id.length <= 16 ? id : `${id.slice(0, 6)}…${id.slice(-4)}`;
}
