import type { Ledger } from "@galen/ledger/app/ledger";
import { openLedger } from "@galen/ledger/app/ledger";
import type { LedgerVersion } from "@galen/ledger/app/version";
import { fromMilliseconds } from "@galen/ledger/block/timestamp";
import { portableCrypto } from "@galen/ledger/crypto/portable";
import type { KeyValueStore } from "@galen/ledger/store/kv";
import { tallyVersion } from "@galen/ledger/testing/tally-module";
import { GENESIS_TIME, testGenesis } from "../../embedded/testing/test-engine.ts";
import { createMempool } from "../../pool/mempool.ts";
import type { RequestOf } from "../abci/messages.ts";
import { createConsensus } from "../application/consensus.ts";
import { createKnownTransactions } from "../application/known-transactions.ts";
import { createSignatureCheck } from "../application/signature-check.ts";

/** The consensus calls over a ledger on `kv`, as CometBFT makes them. */
export interface TestConsensus {
  readonly ledger: Ledger;
  readonly abci: ReturnType<typeof createConsensus>;
  /** Heights of which was told that they were executed, and that they have become durable. */
  readonly executed: readonly number[];
  readonly committed: readonly number[];
}

export async function openTestConsensus(
  kv: KeyValueStore,
  { versions = [tallyVersion], retainHeight = 0 }: { readonly versions?: readonly LedgerVersion[]; readonly retainHeight?: number } = {},
): Promise<TestConsensus> {
  const ledger = await openLedger({ kv, crypto: portableCrypto, versions, genesis: testGenesis });
  const [executed, committed]: [number[], number[]] = [[], []];
  const pool = createMempool({ maxTxs: 100, maxBytes: 1_000_000 });
  const abci = createConsensus({
    ...{ ledger, genesis: testGenesis, crypto: portableCrypto, signatures: createSignatureCheck(ledger, undefined) },
    known: createKnownTransactions({ pool, sha256: portableCrypto.sha256 }),
    retainHeight: () => retainHeight,
    onExecuted: () => void executed.push(ledger.height),
    onCommit: [(height) => void committed.push(height)],
  });
  return { ledger, abci, executed, committed };
}

/** A decided block at `height`; its hash follows from the height and `name`. */
export function decided(height: number, txs: readonly Uint8Array[] = [], name = 1): RequestOf<"finalizeBlock"> {
  return {
    height,
    txs,
    hash: new Uint8Array(32).fill(name, 1).fill(height, 0, 1),
    time: fromMilliseconds(GENESIS_TIME + height * 1_000),
    lastCommit: { round: 0, votes: [] },
    misbehavior: [],
  };
}
