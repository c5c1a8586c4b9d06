import { randomBytes } from "node:crypto";
import type { Genesis } from "@galen/ledger/app/genesis";
import { defaultParameters } from "@galen/ledger/app/parameters";
import { accountIdOf, type CreateAccount } from "@galen/ledger/modules/accounts/index";
import { ledgerVersions } from "@galen/ledger/modules/index";
import { defaultSettings } from "@galen/ledger/modules/validators/index";
import { nativeCrypto } from "@galen/node/crypto/native";
import type { OwnAccount } from "@galen/sdk/transactions/own-account";

/** What new networks begin with. */
export const NEWEST_VERSION = ledgerVersions.at(-1)!.number;

/** Decisions of the alliance take more than two thirds of its members. */
const DECISION = { numerator: 2, denominator: 3 };

/** A node of the genesis document: one organisation, one vote. */
export interface FoundingNode {
  readonly organisation: CreateAccount;
  /** Key that signs blocks, hex. */
  readonly validatorKey: string;
}

/**
 * The genesis document of a network of several organisations, each with one node, under equal votes, open to further nodes: the same facts, the same
 * document. `genesisTime` in milliseconds since 1970.
 */
export function genesisOfNodes(facts: {
  readonly chainId: string;
  readonly genesisTime: number;
  /** Ledger version of the first block. */
  readonly version: number;
  readonly nodes: readonly FoundingNode[];
}): Genesis {
  const { nodes, ...chain } = facts;
  const modules = {
    governance: governanceOf(nodes.map(({ organisation }) => organisation)),
    validators: { nodes: nodes.map(seatOf), settings: { ...defaultSettings, admission: "open" } },
  };
  return genesisFrom({ ...chain, modules, validators: nodes.map(({ validatorKey }) => validatorKey) });
}

/**
 * The document of a network that these organisations found together, with one validator (hex), which is the first one's. The name ends at random, so that
 * nothing signed for one network counts in another that was founded on the same machine.
 */
export function createGenesis({
  name,
  founders,
}: {
  readonly name: string;
  readonly founders: readonly OwnAccount[];
}): (validator: string) => Genesis {
  const members = founders.map(({ creation }) => creation.value);
  return (validator) =>
    genesisFrom({
      chainId: `${name}-${randomBytes(4).toString("hex")}`,
      genesisTime: Date.now(),
      version: NEWEST_VERSION,
      validators: [validator],
      modules: {
        governance: governanceOf(members),
        validators: { nodes: [seatOf({ organisation: members[0]!, validatorKey: validator })], settings: defaultSettings },
      },
    });
}

function seatOf({ organisation, validatorKey }: FoundingNode) {
  return { organisation: accountIdOf(organisation, nativeCrypto), publicKey: validatorKey };
}

function genesisFrom(
  facts: Pick<Genesis, "chainId" | "genesisTime" | "version" | "modules"> & { readonly validators: readonly string[] },
): Genesis {
  return {
    ...facts,
    validators: facts.validators.map((publicKey) => ({ publicKey, power: 1 })),
    parameters: defaultParameters,
  };
}

function governanceOf(members: readonly CreateAccount[]) {
  return { members, decision: DECISION };
}
