import { useQueries } from "@tanstack/react-query";
import { useTexts } from "../../frame/texts.ts";
import { shortId, useNames } from "../../keys/names.ts";
import { usePerson } from "../../keys/person.ts";
import { type Alliance, fetchAlliance, fetchHouses, type House } from "../../network/alliance.ts";
import { useNetwork } from "../../network/network.tsx";
import { useChain } from "../../network/use-chain.ts";
import { auditorTexts } from "./texts.ts";

/** Names of houses are public; those of persons are not shown to an auditor. */
export interface Houses {
  /** The member of the alliance in which a reader works, or that the reader is; undefined for others, and while it is being looked up. */
  houseOf(reader: string): string | undefined;
  nameOf(organisation: string | undefined): string;
}

/** The houses of readers. Who works for several is counted with the first. */
export function useHouses(readers: readonly string[]): Houses {
  const t = useTexts(auditorTexts);
  const names = useNames();
  const { data: network } = useNetwork();
  const { data: alliance } = useChain(["alliance"], fetchAlliance);
  const distinct = [...new Set(readers)];
  const found = useQueries({
    queries: distinct.map((account) => ({
      queryKey: ["chain", "houses", account],
      enabled: network !== undefined && alliance !== undefined,
      queryFn: () => fetchHouses(network!.client, alliance!, account),
    })),
  });
  const houses = new Map(distinct.map((account, place) => [account, found[place]!.data?.[0]?.organisation]));
  return {
    houseOf: (reader) => (isMember(alliance, reader) ? reader : houses.get(reader)),
    nameOf: (organisation) => (organisation === undefined ? t("outside") : (names.get(organisation)?.name ?? shortId(organisation))),
  };
}

function isMember(alliance: Alliance | undefined, account: string): boolean {
  return alliance?.members.some(({ organisation }) => organisation === account) === true;
}

/** The houses of the alliance for which the person at this tab audits; undefined while it is being looked up. */
export function useAuditedHouses(): readonly House[] | undefined {
  const { own } = usePerson();
  const houses = useChain(["houses", own.account], async (client) => fetchHouses(client, await fetchAlliance(client), own.account));
  return houses.data?.filter(({ roles }) => roles.includes("auditor"));
}
