import { type QueryClient, useQuery } from "@tanstack/react-query";
import type { CodeContent } from "./code-link.ts";
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
  const known: readonly (Known & { readonly account: string })[] = [...(town?.people ?? []), ...contacts, ...people];
  const names = new Map<string, Known>();
  for (const { account, name, part, worksFor } of known) names.set(account, { name, part, worksFor });
  return names;
}

/** Whom this browser knows: own people, contacts, and the sample town where there is one. */
export function useNames(): Names {
  return useQuery({ queryKey: ["names"], queryFn: ({ client }) => knownNames(client), staleTime: 60_000 }).data ?? NONE;
}

/** What acts call an account: as it is known here. */
export function callInActs(names: Names): (id: string) => string | undefined {
  return (id) => names.get(id)?.name;
}

/** Of people who were met by their codes, those whose names this browser does not know yet. Who has no name stays a stranger. */
export function newlyNamed(people: readonly CodeContent[], names: Names): readonly CodeContent[] {
  return people.filter(({ account, name }) => name !== "" && !names.has(account));
}

/** The first and last letters of an id: enough to compare by eye. */
export function shortId(id: string): string {
  return id.length <= 16 ? id : `${id.slice(0, 6)}…${id.slice(-4)}`;
}

/** What somebody is called who was named by a code, a link or a number; who has no name, by the account. */
export function callOf({ account, name }: CodeContent): string {
  return name || shortId(account);
}
