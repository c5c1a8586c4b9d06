import type { Genesis } from "@galen/ledger/app/genesis";
import { type Ledger, openLedger } from "@galen/ledger/app/ledger";
import { ledgerVersions } from "@galen/ledger/modules/index";
import { nativeCrypto } from "@galen/node/crypto/native";
import { openLevelStore } from "@galen/node/store/level-store";

const TXS_PER_BLOCK = 200;

export interface AloneOptions {
  /** For the store; empty, or not there yet. */
  readonly folder: string;
  readonly genesis: Genesis;
  /** Executed before, so that the ledger is warm and holds what they make. */
  readonly first: readonly Uint8Array[];
  readonly txs: readonly Uint8Array[];
}

/**
 * Processor time in microseconds that the ledger takes for each of `txs`, with nothing around it: decoding, one verification, dry run, block, durable write.
 * No node of a network that checks and keeps what it executes takes less.
 */
export async function ledgerAloneUs({ folder, genesis, first, txs }: AloneOptions): Promise<number> {
  const kv = await openLevelStore(folder);
  try {
    const ledger = await openLedger({ kv, crypto: nativeCrypto, versions: ledgerVersions, genesis });
    await execute(ledger, first);
    const begin = process.cpuUsage();
    await execute(ledger, txs);
    const { user, system } = process.cpuUsage(begin);
    return (user + system) / txs.length;
  } finally {
    await kv.close();
  }
}

async function execute(ledger: Ledger, txs: readonly Uint8Array[]): Promise<void> {
  for (let at = 0; at < txs.length; at += TXS_PER_BLOCK) {
    const block = txs.slice(at, at + TXS_PER_BLOCK);
    ledger.resetCheck();
    for (const bytes of block) requireGood(ledger.checkTx(ledger.prepare(bytes)));
    const facts = { hash: "00".repeat(32), votes: [], misbehavior: [] };
    const { txResults } = ledger.finalizeBlock({ ...facts, height: ledger.height + 1, time: Date.now(), txs: block });
    txResults.forEach(requireGood);
    await ledger.commit();
  }
}

function requireGood({ refusal }: { readonly refusal: { readonly id: string } | undefined }): void {
  if (refusal) throw new Error(`a transaction of the load was refused: ${refusal.id}`);
}
