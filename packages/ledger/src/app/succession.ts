import { equalBytes } from "../crypto/bytes.ts";
import { requireHexBytes } from "../crypto/hex.ts";
import type { StateStore } from "../store/state-store.ts";
import type { WriteContext } from "./context.ts";
import { chain, type Genesis, genesisHash } from "./genesis.ts";
import { parameters, validators } from "./parameters.ts";
import type { LedgerVersion } from "./version.ts";

/** Whether the state is that of the chain from which `genesis` goes on, exactly at its end. */
export function isAtSuccession({ predecessor }: Genesis, state: StateStore): boolean {
  if (!predecessor || state.height !== predecessor.height) return false;
  const { chainId, genesisHash: founded } = chain.get({ state }, "current")!;
  const isSameChain = chainId === predecessor.chainId && founded === predecessor.genesisHash;
  return isSameChain && equalBytes(state.root, requireHexBytes(predecessor.appHash, 32));
}

/**
 * Begins a successor in its first block: its name, validators and parameters take the place of the predecessor's, all else goes on. Throws Error when
 * the predecessor has not named this genesis document.
 */
export function succeed(context: WriteContext, genesis: Genesis, version: LedgerVersion): void {
  if (!version.succeed) throw new Error(`version ${version.number} of the ledger does not know how a chain goes on from another`);
  chain.set(context, "current", { chainId: genesis.chainId, genesisHash: genesisHash(genesis, context.crypto) });
  parameters.set(context, "current", genesis.parameters);
  validators.set(context, "current", { validators: genesis.validators });
  version.succeed(context, genesis);
}
