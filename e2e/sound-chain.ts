import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { openChainStore, replayChain, verifyChain } from "@galen/engines";
import type { Genesis } from "@galen/ledger/app/genesis";
import { openLedger } from "@galen/ledger/app/ledger";
import { bytesToHex } from "@galen/ledger/crypto/hex";
import { ledgerVersions } from "@galen/ledger/modules/index";
import { createMemoryStore } from "@galen/ledger/store/memory";
import { nativeCrypto } from "@galen/node/crypto/native";
import { openLevelStore } from "@galen/node/store/level-store";
import { expect } from "vitest";

/**
 * Headers, commits and blocks in a stopped node's folder hold together from the first on, and executing them again leads to the same states. Gives
 * the height of the last block; the state may be a few blocks ahead where CometBFT orders, which holds those still to be copied.
 */
export async function expectSoundChain(dataFolder: string): Promise<number> {
  const genesis = JSON.parse(await readFile(join(dataFolder, "genesis.json"), "utf8")) as Genesis;
  const kv = await openLevelStore(join(dataFolder, "ledger"));
  const crypto = nativeCrypto;
  const ledger = await openLedger({ kv, crypto, versions: ledgerVersions, genesis });
  const store = openChainStore(kv, ledgerVersions);
  const height = (await store.bounds())?.latest ?? 0;
  let verified = 0;
  for await (const block of verifyChain({ store, genesis, crypto, height })) verified = block.height;
  expect(verified).toBe(height);

  const openFreshLedger = () => openLedger({ kv: createMemoryStore(), crypto, versions: ledgerVersions, genesis });
  let replayed = "";
  for await (const block of replayChain({ store, crypto, height, openFreshLedger })) {
    expect(block.isEqual, `block ${block.height}`).toBe(true);
    replayed = bytesToHex(block.appHash);
  }
  expect(ledger.height).toBeGreaterThanOrEqual(height);
  if (ledger.height === height && height > 0) expect(replayed).toBe(bytesToHex(ledger.appHash));
  await kv.close();
  return height;
}
