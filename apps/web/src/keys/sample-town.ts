import type { AccountKind } from "@galen/ledger/modules/accounts/schema";

/** Somebody of the sample town, keys and all: an invention, so that its words may lie open. */
export interface TownPerson {
  readonly account: string;
  readonly name: string;
  readonly kind: AccountKind;
  /** Such as `patient`, `clinician`, `hospital`, `auditor`. */
  readonly part: string;
  readonly words: string;
  readonly worksFor?: string;
  /** Accounts for which the person acts, such as those of children. */
  readonly actsFor: readonly string[];
  readonly note?: "licence-suspended";
}

export interface SampleTown {
  readonly chainId: string;
  readonly people: readonly TownPerson[];
}

/** Who lives in the sample town; null where the node belongs to a real network, which tells nobody's words. */
async function fetchTown(): Promise<SampleTown | null> {
  const response = await fetch("/sample-town", { headers: { accept: "application/json" } });
  if (response.status === 404) return null;
  if (!response.ok) throw new Error(`the sample town answered ${response.status}`);
  return (await response.json()) as SampleTown;
}

/** The town as a query: several parts of a page ask in its first moment, and one answer does for all. */
export const townQuery = { queryKey: ["town"], queryFn: fetchTown, staleTime: 60_000 };
