import { randomBytes } from "node:crypto";
import { dirname } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { startCustodian } from "@galen/custody/custodian/custodian";
import { openChainStore } from "@galen/engines/chain/chain-store";
import { isSqliteError, openIndexer } from "@galen/indexer";
import type { Genesis } from "@galen/ledger/app/genesis";
import type { Ledger } from "@galen/ledger/app/ledger";
import { bytesToHex } from "@galen/ledger/crypto/hex";
import { ledgerVersions } from "@galen/ledger/modules/index";
import type { KeyValueStore } from "@galen/ledger/store/kv";
import { holdsState } from "@galen/ledger/store/state-head";
import type { Backend } from "./backend.ts";
import { openBlobFiles } from "./blobs/blob-files.ts";
import { openBlobStore } from "./blobs/blob-store.ts";
import { followBlobs } from "./blobs/follow-blobs.ts";
import { startBlobHealer } from "./blobs/heal-blobs.ts";
import { createBlobRelay } from "./blobs/relay-blobs.ts";
import { sweepUnnamed } from "./blobs/sweep-unnamed.ts";
import { nativeCrypto } from "./crypto/native.ts";
import { rememberCombine } from "./crypto/remembered-combine.ts";
import { openCustodianAccount } from "./custodian/custodian-account.ts";
import { openCustodianStateFile, parseStateKey } from "./custodian/custodian-state-file.ts";
import { sealingScheme } from "./custodian/sealing-scheme.ts";
import { openServedLog } from "./custodian/served-log-file.ts";
import { type DataFolder, openDataFolder } from "./data-folder.ts";
import { errors } from "./errors.ts";
import { startHistoryHealer } from "./history/heal-history.ts";
import { createBodyBudget } from "./http/body-budget.ts";
import { createStreamCount } from "./http/stream-count.ts";
import { indexedBlocks } from "./indexed-blocks.ts";
import { clearWorkshop, writeFileDurably } from "./keys/durable-file.ts";
import { type Ed25519Key, ed25519Key } from "./keys/ed25519-key.ts";
import { openSecretFile, readIfThere } from "./keys/secret-file.ts";
import type { Logger } from "./logger.ts";
import { createMetrics } from "./metrics.ts";
import { openOrderedLedger } from "./open-engine.ts";
import { openPeers, type Peers } from "./peers/peers.ts";
import type { Config } from "./settings.ts";
import { createSignaturePool } from "./signatures/signature-pool.ts";
import { openLevelStore } from "./store/level-store.ts";
import { warnOfNoShare } from "./warn-of-no-share.ts";
import { warnOfNoVote } from "./warn-of-no-vote.ts";
import { warnOfUpgrade } from "./warn-of-upgrade.ts";

/** The genesis document of a new network, or how to make it for this node's validator key (hex). */
export type FoundingDocument = Genesis | ((validatorKey: string) => Genesis);

export interface BackendOptions {
  /** Founds the network when the data folder holds none. */
  readonly genesis?: FoundingDocument;
  readonly logger: Logger;
  /** Milliseconds since 1970. */
  readonly clock?: () => number;
  /** Environment of the CometBFT process, beside this one's own. */
  readonly cometbftEnvironment?: Readonly<Record<string, string>>;
  /** Who orders transactions; default: the engine of the settings. */
  readonly openOrderedLedger?: typeof openOrderedLedger;
}

type Closer = () => Promise<void>;

const HOUR_MS = 3_600_000;
const ACCOUNT_WAIT_MS = 2_000;

/**
 * Opens the parts of a node from the disk up: stores, ledger, engine, blob store, read model, custodian. `close` shuts them in the opposite
 * order; when a part does not open, those before it are closed again.
 */
export async function openBackend(config: Config, options: BackendOptions): Promise<{ backend: Backend; close: Closer }> {
  const closers: Closer[] = [];
  const close = async () => {
    for (const closer of closers.splice(0).reverse()) await closer();
  };
  try {
    return { backend: await openParts(config, options, (closer) => closers.push(closer)), close };
  } catch (error) {
    await close();
    throw error;
  }
}

async function openParts(config: Config, options: BackendOptions, onClose: (closer: Closer) => void): Promise<Backend> {
  const { logger, clock: now = Date.now } = options;
  const folder = await openDataFolder(config.dataFolder);
  const chain = await openChain(config, { ...options, folder, now }, onClose);
  const report = (error: unknown) => logger.error({ err: error }, "a part of the node met an error");
  const peers = openPeers({ ...chain, now, logger, urls: config.peers });
  onClose(() => peers.stop());
  const surroundings = { ...chain, folder, now, report, logger, peers };
  sweepHourly(chain.ledger, report, onClose);
  const blobs = await openBlobs(config, surroundings, onClose);
  const history = startHistoryHealer(surroundings);
  onClose(() => history.stop());
  chain.metrics.watchHistory(history);
  const damaged = (err: unknown) =>
    logger.warn({ err }, "the read model was damaged; it is built again from the blocks when the node starts; look at the disk");
  const index = await openIndexer({ path: folder.index, source: indexedBlocks({ ...chain, history }), damaged }).catch((error: unknown) => {
    throw isSqliteError(error) ? errors.ReadModelUnusable({ path: folder.index, reason: error.message }) : error;
  });
  index.failure.catch(report);
  onClose(() => index.close());
  chain.metrics.watchIndex(index);
  const custody =
    config.custodian === "on" ? await openCustodian(config, surroundings, onClose) : { custodian: undefined, served: undefined };
  const publicUrl = config.publicUrl === "none" ? undefined : config.publicUrl;
  return {
    ...chain,
    ...blobs,
    now,
    peers,
    ...custody,
    history,
    publicUrl,
    index,
    webOrigins: config.webOrigins,
    streams: createStreamCount(),
    answers: createBodyBudget(),
  };
}

type Chain = Pick<Backend, "ledger" | "engine" | "store" | "genesis" | "handover" | "crypto" | "validator" | "metrics" | "isFirstStart"> & {
  readonly kv: KeyValueStore;
};

/** Store, ledger and engine: what must be there before anything else can follow it. */
async function openChain(
  config: Config,
  options: BackendOptions & { readonly folder: DataFolder; readonly now: () => number },
  onClose: (closer: Closer) => void,
): Promise<Chain> {
  const { folder, now, genesis: given, logger, cometbftEnvironment } = options;
  const crypto = rememberCombine(nativeCrypto);
  const metrics = createMetrics();
  const kv = metrics.timed(await openLevelStore(folder.ledger));
  onClose(() => kv.close());
  // The store is open, so no other node writes here.
  for (const workshop of [config.dataFolder, folder.keys, folder.blobWorkshop]) await clearWorkshop(workshop);
  const isFirstStart = !holdsState(kv);
  const validator = ed25519Key(await openSecretFile(folder.validatorKey));
  const genesis = await openGenesis(folder, validator, given);
  const signatures = createSignaturePool({ workers: config.signatureWorkers });
  onClose(() => signatures.close());
  const parts = { config, folder, kv, crypto, genesis, now, logger, cometbftEnvironment, onClose, verifySignatures: signatures.verify };
  const { ledger, engine } = await (options.openOrderedLedger ?? openOrderedLedger)(parts);
  metrics.watch(engine);
  warnOfNoVote({ ledger, validator, logger });
  const stopWarning = warnOfUpgrade({ engine, ledger, logger });
  onClose(async () => stopWarning());
  const store = openChainStore(kv, ledgerVersions);
  return { ledger, kv, store, engine, genesis, handover: await readHandover(folder), crypto, validator, metrics, isFirstStart };
}

async function readHandover(folder: DataFolder): Promise<unknown> {
  const text = await readIfThere(folder.handover);
  return text === undefined ? undefined : (JSON.parse(text) as unknown);
}

/** The document in the folder; a given one is written there first when the folder has none. */
async function openGenesis(folder: DataFolder, validator: Ed25519Key, given: FoundingDocument | undefined): Promise<Genesis> {
  const text = await readIfThere(folder.genesis);
  if (text !== undefined) return JSON.parse(text) as Genesis;
  if (!given) throw errors.NoNetwork({ folder: dirname(folder.genesis) });
  const genesis = typeof given === "function" ? given(bytesToHex(validator.publicKey)) : given;
  await writeFileDurably(folder.genesis, Buffer.from(`${JSON.stringify(genesis, undefined, 2)}\n`));
  return genesis;
}

interface Surroundings extends Chain {
  readonly now: () => number;
  readonly folder: DataFolder;
  readonly report: (error: unknown) => void;
  readonly logger: Logger;
  readonly peers: Peers;
}

/** Once an hour the ledger drops the replay records that have expired. */
function sweepHourly(ledger: Ledger, report: (error: unknown) => void, onClose: (closer: Closer) => void): void {
  let last: Promise<unknown> = Promise.resolve();
  const timer = setInterval(() => {
    last = ledger.sweep().catch(report);
  }, HOUR_MS);
  onClose(async () => {
    clearInterval(timer);
    await last;
  });
}

async function openBlobs(
  config: Config,
  surroundings: Surroundings,
  onClose: (closer: Closer) => void,
): Promise<Pick<Backend, "blobs" | "relay" | "healer">> {
  const { engine, metrics, folder, now, report } = surroundings;
  const kv = await openLevelStore(folder.blobIndex);
  onClose(() => kv.close());
  const blobs = metrics.counted(
    openBlobStore({ kv, files: openBlobFiles(folder.blobFiles, folder.blobWorkshop), sha256: nativeCrypto.sha256, now }),
  );
  const healer = startBlobHealer({ ...surroundings, state: surroundings.kv, blobs, kv });
  onClose(() => healer.stop());
  metrics.watchHealing(healer);
  const follower = followBlobs({ ...surroundings, blobs, healer, kv });
  const closing = new AbortController();
  const tidy = async () => {
    await blobs.purge(closing.signal);
    await sweepUnnamed({ engine, follower, blobs, now, waitMs: config.unreferencedBlobHours * HOUR_MS });
  };
  let tidied = tidy().catch(report);
  const tidying = setInterval(() => {
    tidied = tidied.then(tidy).catch(report);
  }, HOUR_MS);
  onClose(async () => {
    clearInterval(tidying);
    closing.abort();
    await Promise.all([follower.stop(), tidied]);
  });
  return { blobs, healer, relay: createBlobRelay(surroundings) };
}

async function openCustodian(
  config: Config,
  surroundings: Surroundings,
  onClose: (closer: Closer) => void,
): Promise<Pick<Backend, "custodian" | "served">> {
  const { ledger, engine, validator, folder, now, report, logger } = surroundings;
  const secret = await openSecretFile(folder.custodianKey);
  const stopping = new AbortController();
  const { account, submit, create } = openCustodianAccount({ secret, engine, ledger, now, stopping: stopping.signal });
  const created = create().catch(report);
  onClose(async () => stopping.abort());
  // A chain that does not run must not keep the node from serving its peers.
  await Promise.race([created, sleep(ACCOUNT_WAIT_MS)]);
  const served = await openServedLog(folder.served);
  onClose(() => served.close());
  const custodian = await startCustodian({
    account,
    nodeKey: { publicKey: bytesToHex(validator.publicKey), sign: validator.sign },
    submit,
    read: () => ledger.read(),
    knowsMessage: (type) => ledger.version.messages.has(type),
    onBlock: (listener) => engine.subscribe(() => listener()),
    state: openCustodianStateFile(folder.custodianState, parseStateKey(config.custodianStateKey)),
    served,
    sealing: sealingScheme,
    random: (length) => Uint8Array.from(randomBytes(length)),
    report,
  });
  onClose(() => {
    stopping.abort();
    return custodian.stop();
  });
  warnOfNoShare({ ledger, custodian, logger }).catch(report);
  return { custodian, served };
}
