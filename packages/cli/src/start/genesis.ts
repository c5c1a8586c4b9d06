import { randomBytes } from "node:crypto";
import type { Genesis } from "@galen/ledger/app/genesis";
import { defaultParameters } from "@galen/ledger/app/parameters";
import { ledgerVersions } from "@galen/ledger/modules/index";
import { defaultSettings } from "@galen/ledger/modules/validators/settings";
import type { OwnAccount } from "@galen/sdk/transactions/own-account";

/** Decisions of the alliance take more than two thirds of its members. */
const DECISION = { numerator: 2, denominator: 3 };

/**
 * The document of a network that these organisations found together, with one validator (hex), the first one's. The name ends at random, so that nothing signed for
 * one network counts in another that was founded on the same machine.
 */
export function createGenesis({
  name,
  founders,
}: {
  readonly name: string;
  readonly founders: readonly OwnAccount[];
}): (validator: string) => Genesis {
  return (validator) => ({
    chainId: `${name}-${randomBytes(4).toString("hex")}`,
    genesisTime: Date.now(),
    version: ledgerVersions.at(-1)!.number,
    validators: [{ publicKey: validator, power: 1 }],
    parameters: defaultParameters,
    modules: {
      governance: { members: founders.map(({ creation }) => creation.value), decision: DECISION },
      validators: { nodes: [{ organisation: founders[0]!.account, publicKey: validator }], settings: defaultSettings },
    },
  });
}
