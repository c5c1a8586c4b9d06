import { grantsTo, type KnownGrant } from "@galen/sdk/records/known-grants";
import { useQuery } from "@tanstack/react-query";
import { usePerson } from "../keys/person.ts";
import { useNetwork } from "../network/network.tsx";
import { stateOf } from "./own-grants.ts";

/** A patient, and what the patient has opened to this reader, to the house or to a role there. */
export interface Patient {
  readonly account: string;
  /** Newest first. */
  readonly grants: readonly KnownGrant[];
  /** Those of them that open something now. */
  readonly open: readonly KnownGrant[];
}

/** The grants that the person received, newest first. */
export function useReceivedGrants() {
  const { own } = usePerson();
  const network = useNetwork();
  return useQuery({
    queryKey: ["received-grants", own.account],
    enabled: network.data !== undefined,
    queryFn: () => grantsTo(network.data!.client, own),
  });
}

/** Patients in the order of their newest grant. */
export function patientsOf(grants: readonly KnownGrant[], now: number): readonly Patient[] {
  const byOwner = Map.groupBy(grants, ({ owner }) => owner);
  return [...byOwner].map(([account, given]) => ({
    account,
    grants: given,
    open: given.filter((grant) => stateOf(grant, now) === "open"),
  }));
}
