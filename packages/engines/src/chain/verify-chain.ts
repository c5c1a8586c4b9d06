import { eventsRoot } from "@galen/ledger/app/events";
import { type Genesis, initialHeight } from "@galen/ledger/app/genesis";
import { Header } from "@galen/ledger/block/header";
import { toMilliseconds } from "@galen/ledger/block/timestamp";
import { equalBytes } from "@galen/ledger/crypto/bytes";
import type { CryptoProvider } from "@galen/ledger/crypto/provider";
import { SchemaError } from "@galen/ledger/schema/schema-error";
import { ChainError, missingBlock } from "./chain-error.ts";
import type { ChainStore } from "./chain-store.ts";
import { advanceTip, genesisTip, type Tip, tipAt } from "./tip.ts";
import { alteredBlock, verifyNextBlock } from "./verify-block.ts";

/** A stored block that is what its validators signed. */
export interface VerifiedBlock {
  readonly height: number;
  readonly blockHash: Uint8Array;
  /** Milliseconds since 1970. */
  readonly time: number;
  /** Root of the state that the block led to, as recorded beside it; the next header commits to it. */
  readonly appHash: Uint8Array;
}

/**
 * Checks every stored block from the first to `height`: that it is, byte for byte, the block that follows the one before, and that the
 * validators of its height signed it. Yields after each; throws ChainError at the first that fails. It executes nothing: `replayChain` does.
 */
export async function* verifyChain(options: {
  readonly store: ChainStore;
  readonly genesis: Genesis;
  readonly crypto: CryptoProvider;
  readonly height: number;
}): AsyncIterable<VerifiedBlock> {
  const { store, genesis, crypto } = options;
  let tip = storedGenesisTip(store, genesis, crypto);
  while (tip.height < options.height) {
    tip = await verifyStoredBlock(store, tip, crypto);
    yield { height: tip.height, blockHash: tip.blockId.hash, time: toMilliseconds(tip.header!.time), appHash: tip.appHash };
  }
}

/** The tip before the first block. The state's root is the one that the first header names; executing the chain again proves it. */
export function storedGenesisTip(store: ChainStore, genesis: Genesis, crypto: CryptoProvider): Tip {
  const height = initialHeight(genesis);
  try {
    const first = store.signedHeader(height);
    if (!first) throw missingBlock(height);
    return genesisTip(genesis, first.header.appHash, crypto.sha256);
  } catch (error) {
    throw asChainError(error, height);
  }
}

/** The tip at a height as the store tells it; the block after it is what shows that it is right. */
export async function storedTip(store: ChainStore, height: number, crypto: CryptoProvider): Promise<Tip> {
  const [signed, record] = [store.signedHeader(height), store.record(height)];
  const [lastValidators, validators, nextValidators] = await Promise.all([height, height + 1, height + 2].map(store.validators));
  if (!signed || !record || !lastValidators || !validators || !nextValidators) throw missingBlock(height);
  return tipAt(signed, record, { lastValidators, validators, nextValidators }, crypto.sha256);
}

/** Verifies the stored block that follows `tip` and gives the tip after it. Throws ChainError. */
export async function verifyStoredBlock(store: ChainStore, tip: Tip, crypto: CryptoProvider): Promise<Tip> {
  const height = tip.height + 1;
  try {
    const [bytes, signed, record] = [store.blockBytes(height), store.signedHeader(height), store.record(height)];
    if (!bytes || !signed || !record) throw missingBlock(height);
    const { header } = verifyNextBlock(tip, bytes, signed.commit, crypto).block;
    if (!equalBytes(Header.encode(header), Header.encode(signed.header))) throw alteredBlock(height);
    for (const { code, data, events } of record.txResults) {
      if (code === 0 && !equalBytes(data, eventsRoot(events, crypto))) throw alteredBlock(height);
    }

    const next = advanceTip(tip, signed, record, crypto.sha256);
    await requireStoredValidators(store, height + 1, next.validators);
    return next;
  } catch (error) {
    throw asChainError(error, height);
  }
}

async function requireStoredValidators(store: ChainStore, height: number, set: Tip["validators"]): Promise<void> {
  const stored = await store.validators(height);
  const isSame =
    stored?.length === set.length &&
    set.every(({ publicKey, power }, at) => equalBytes(publicKey, stored[at]!.publicKey) && power === stored[at]!.power);
  if (!isSame)
    throw new ChainError("BlockAltered", `the validators stored for height ${height} are not those of the chain; restore a backup`);
}

/** What no longer decodes was altered. */
function asChainError(error: unknown, height: number): unknown {
  return error instanceof SchemaError ? alteredBlock(height) : error;
}
