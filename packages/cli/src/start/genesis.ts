import { randomBytes } from "node:crypto";
import type { Genesis } from "@galen/ledger/app/genesis";
import { defaultParameters } from "@galen/ledger/app/parameters";
import type { CreateAccount } from "@galen/ledger/modules/accounts/index";
import { ledgerVersions } from "@galen/ledger/modules/index";
import type { OwnAccount } from "@galen/sdk/transactions/own-account";

/** Decisions of the alliance take more than two thirds of its members. */
const DECISION = { numerator: 2, denominator: 3 };

/** What a genesis document is made from. */
export interface GenesisFacts {
  readonly chainId: string;
  /** Milliseconds since 1970. */
  readonly genesisTime: number;
  /** The organisations that found the network, and with it the alliance that decides. */
  readonly founders: readonly CreateAccount[];
  /** Keys of the validators, hex; each counts as much as any other. */
  readonly validators: readonly string[];
}

/** The genesis document that follows from the facts: the same facts, the same document. */
export function genesisFrom({ chainId, genesisTime, founders, validators }: GenesisFacts): Genesis {
  return {
    chainId,
    genesisTime,
    version: ledgerVersions.at(-1)!.number,
    validators: validators.map((publicKey) => ({ publicKey, power: 1 })),
    parameters: defaultParameters,
    modules: { governance: { members: [...founders], decision: DECISION } },
  };
}

/**
 * The document of a network that these organisations found together, with one validator (hex). The name ends at random, so that nothing signed for
 * one network counts in another that was founded on the same machine.
 */
export function createGenesis({
  name,
  founders,
}: {
  readonly name: string;
  readonly founders: readonly OwnAccount[];
}): (validator: string) => Genesis {
  return (validator) =>
    genesisFrom({
      chainId: `${name}-${randomBytes(4).toString("hex")}`,
      genesisTime: Date.now(),
      founders: founders.map(({ creation }) => creation.value),
      validators: [validator],
    });
}
