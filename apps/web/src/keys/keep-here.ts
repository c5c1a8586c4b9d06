import type { QueryKey } from "@tanstack/react-query";
import { queries } from "../frame/queries.ts";
import { isUnlocked } from "./person.ts";

/** Keeps what somebody's keys have opened among what this tab knows, unless the wallet was locked or left while it was on its way: it has been forgotten then. */
export function keepHere(account: string, queryKey: QueryKey, opened: unknown): void {
  if (isUnlocked(account)) queries.setQueryData(queryKey, opened);
}
