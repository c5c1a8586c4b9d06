import type { LedgerVersion } from "@galen/ledger/app/version";
import { maxDataBytes } from "@galen/ledger/block/block-size";
import { toMilliseconds } from "@galen/ledger/block/timestamp";
import type { KeyValueStore } from "@galen/ledger/store/kv";
import { openChainStore } from "../chain/chain-store.ts";
import type { Engine, Submission } from "../engine.ts";
import { createEngineFront } from "../engine-front.ts";
import { errors } from "../errors.ts";
import { createAdmission } from "../pool/admission.ts";
import { createMempool } from "../pool/mempool.ts";
import { type ChainOptions, openChain } from "./chain.ts";
import { createSealer } from "./sealer.ts";
import { defaultSettings, type EmbeddedEngineSettings } from "./settings.ts";

export interface EmbeddedEngineOptions extends Omit<ChainOptions, "store"> {
  /** The store that `ledger` was opened on. */
  readonly kv: KeyValueStore;
  /** Those that `ledger` was opened with. */
  readonly versions: readonly LedgerVersion[];
  /** Checks a transaction's signatures elsewhere, such as in worker threads; false of bytes that are none. By default the dry run does. */
  readonly verifySignatures?: (bytes: Uint8Array) => Promise<boolean>;
  readonly settings?: Partial<EmbeddedEngineSettings>;
  /** Hears an error of our own in the check of a transaction that waits, which is given up then. */
  readonly report: (error: unknown) => void;
}

/**
 * Opens the one-validator chain that `kv` holds, or founds it. Blocks, headers, commits and results are CometBFT's, so that one light client
 * reads both. Throws ChainError when the chain, the state and the key's last vote do not fit together, Refusal engine/NotValidator when another key is to sign.
 */
export async function openEmbeddedEngine(options: EmbeddedEngineOptions): Promise<Engine> {
  const { ledger, crypto, verifySignatures, report } = options;
  const settings = { ...defaultSettings, ...options.settings };
  const store = openChainStore(options.kv, options.versions);
  const chain = await openChain({ ...options, store });
  // It would serve until the first block is due, and end then.
  if (!chain.isOurs) throw errors.NotValidator();
  const pool = createMempool({ maxTxs: settings.maxPoolTxs, maxBytes: settings.maxPoolBytes });
  const maxTxBytes = () => maxDataBytes(chain.tip.maxBlockBytes, 1);
  const admission = createAdmission({ ledger, pool, sha256: crypto.sha256, maxTxBytes, report });
  const { publish, abandon, ...front } = createEngineFront({
    ...{ store, pool, sha256: crypto.sha256, admit },
    tip: () => chain.tip,
    proposerPriorities: async () => undefined, // there are no turns to take
    earliestHeight: () => 1,
  });
  let arriving = 0;
  const sealer = createSealer({ ...options, settings, chain, pool, arriving: () => arriving, admission, publish, abandon });

  async function admit(bytes: Uint8Array): Promise<Submission> {
    requireRunning();
    admission.requireRoom(bytes);
    if (!sealer.isFresh()) await sealer.freshen();
    if (!verifySignatures) return enter(bytes);
    arriving += 1;
    // Not `finally`, which makes three promises more for each of the thousands that wait here.
    return verifySignatures(bytes).then(
      (areValid) => {
        arriving -= 1;
        return enter(bytes, areValid);
      },
      (error: unknown) => {
        arriving -= 1;
        throw error;
      },
    );
  }

  function enter(bytes: Uint8Array, signaturesValid?: boolean): Submission {
    requireRunning();
    try {
      // Not before: thousands may wait for their signatures, and decoded they would be most of what the collector copies.
      const prepared = admission.examine(bytes);
      prepared.signaturesValid ??= signaturesValid;
      return admission.admit(prepared);
    } finally {
      sealer.kick(); // also when it is refused: a block may have been held back for it
    }
  }

  function requireRunning(): void {
    const { refusal } = sealer.health();
    if (refusal) throw refusal;
  }

  const isOverdue = ledger.time < toMilliseconds(options.clock()) - settings.emptyBlockIntervalMs;
  // The interval also passes while nobody seals. Whoever asks first would be told that the state is too old to go by.
  if (isOverdue && chain.tip.height > 0) await sealer.freshen();
  return { ...front, health: sealer.health, failure: sealer.failure, stop: sealer.stop };
}
