import { shortId, useNames } from "../../keys/names.ts";
import { Mono } from "../../ui/surface.tsx";

interface CustodianProps {
  readonly account: string;
  /** Whose custodian it is, as the ledger states; undefined where it does not. */
  readonly organisation: string | undefined;
}

/** A custodian by its organisation: its name here, else its account; where the ledger ties it to none, by the custodian's own account. */
export function CustodianName({ account, organisation = account }: CustodianProps) {
  return useNames().get(organisation)?.name ?? <Mono>{shortId(organisation)}</Mono>;
}
