import { openChainStore } from "@galen/engines/chain/chain-store";
import { replayChain } from "@galen/engines/chain/replay-chain";
import { openLedger } from "@galen/ledger/app/ledger";
import { bytesToHex } from "@galen/ledger/crypto/hex";
import { ledgerVersions } from "@galen/ledger/modules/index";
import { createMemoryStore } from "@galen/ledger/store/memory";
import { nativeCrypto } from "./crypto/native.ts";
import { openNodeFolder } from "./data-folder.ts";
import { errors } from "./errors.ts";
import { requireFirstBlock } from "./snapshot-data.ts";
import { openLevelStore } from "./store/level-store.ts";
import { storedGenesis } from "./stored-genesis.ts";

/** One block executed again. */
export interface ReplayedHeight {
  readonly height: number;
  /** Root of the state after the block, hex. */
  readonly appHash: string;
  /** Whether state and results are those that the chain names. */
  readonly isEqual: boolean;
}

/**
 * Executes all blocks of a data folder again over an empty store in memory, from the genesis document on. `total`: how many there are. The folder
 * must belong to no running node. Throws Refusal node/NoNetwork, node/IsBackup, node/RestoreUnfinished, node/NoFounding for a chain that goes on from another,
 * node/BlocksMissing, StoreError when it is in use.
 */
export async function* replayData(dataFolder: string): AsyncGenerator<ReplayedHeight & { readonly total: number }, void, undefined> {
  const folder = await openNodeFolder(dataFolder);
  const genesis = await storedGenesis(dataFolder);
  if (genesis.predecessor) throw errors.NoFounding({ predecessor: genesis.predecessor.chainId });
  const kv = await openLevelStore(folder.ledger);
  try {
    const crypto = nativeCrypto;
    const { height: total } = await openLedger({ kv, crypto, versions: ledgerVersions, genesis });
    requireFirstBlock(kv, genesis, total);
    const store = openChainStore(kv, ledgerVersions);
    const openFreshLedger = () => openLedger({ kv: createMemoryStore(), crypto, versions: ledgerVersions, genesis });
    for await (const { height, appHash, isEqual } of replayChain({ store, crypto, height: total, openFreshLedger })) {
      yield { height, appHash: bytesToHex(appHash), isEqual, total };
    }
  } finally {
    await kv.close();
  }
}
