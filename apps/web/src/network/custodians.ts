import { custodianOrganisations, type NamedCustodian } from "@galen/sdk/custody/custodian-organisations";
import { useChain } from "./use-chain.ts";

/** The organisations of some custodians, by the custodians' accounts: what the ledger states, proven to this browser. */
export function useCustodianOrganisations(custodians: readonly NamedCustodian[]) {
  const keys = custodians.map(({ account, sealingKey }) => `${account} ${sealingKey}`);
  return useChain(["custodian-organisations", ...keys], (client) => custodianOrganisations(client, custodians));
}
