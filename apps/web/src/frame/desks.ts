import { createContext, useContext } from "react";
import type { Desk } from "./feature.ts";

/** All desks; the first is for those whose part has none. Pages ask for them here, since the list of features leads to every page. */
export const DesksContext = createContext<readonly Desk[]>([]);

/** Where somebody with this part in the network is at home. Everybody owns an account, with records and a log, so that there is always a desk. */
export function useDeskOf(): (part: string | undefined) => Desk {
  const desks = useContext(DesksContext);
  return (part) => desks.find(({ parts }) => part !== undefined && parts.includes(part)) ?? desks[0]!;
}

/** The desk to which an address belongs: the one with the longest home before it. */
export function useDeskAt(path: string): Desk | undefined {
  const desks = useContext(DesksContext).filter(({ home }) => path === home || path.startsWith(`${home}/`));
  return desks.toSorted((a, b) => b.home.length - a.home.length)[0];
}
