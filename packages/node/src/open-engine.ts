import { isBeginning } from "@galen/engines/cometbft/chain-start";
import { openCometEngine } from "@galen/engines/cometbft/comet-engine";
import { type CometHost, openCometHost } from "@galen/engines/cometbft/host";
import { cometHome } from "@galen/engines/cometbft/process/home";
import { lastVoteHeight } from "@galen/engines/cometbft/process/prepare-home";
import type { StateSyncSettings } from "@galen/engines/cometbft/settings";
import { openSnapshotFolder } from "@galen/engines/cometbft/snapshots/snapshot-folder";
import { beginFromSnapshot } from "@galen/engines/cometbft/snapshots/state-sync";
import { openEmbeddedEngine } from "@galen/engines/embedded/embedded-engine";
import { type LastSignedFiles, openLastSignedFiles } from "@galen/engines/embedded/last-signed-file";
import type { Engine } from "@galen/engines/engine";
import type { Genesis } from "@galen/ledger/app/genesis";
import { type Ledger, openLedger } from "@galen/ledger/app/ledger";
import { fromMilliseconds } from "@galen/ledger/block/timestamp";
import type { CryptoProvider } from "@galen/ledger/crypto/provider";
import { ledgerVersions } from "@galen/ledger/modules/index";
import type { KeyValueStore } from "@galen/ledger/store/kv";
import { holdsState } from "@galen/ledger/store/state-head";
import type { DataFolder } from "./data-folder.ts";
import { ed25519Key } from "./keys/ed25519-key.ts";
import { openSecretFile } from "./keys/secret-file.ts";
import type { Logger } from "./logger.ts";
import type { Config } from "./settings.ts";
import { createTrustedHeaders } from "./trusted-headers.ts";

export interface EngineParts {
  readonly config: Config;
  readonly folder: DataFolder;
  readonly kv: KeyValueStore;
  readonly crypto: CryptoProvider;
  readonly genesis: Genesis;
  readonly now: () => number;
  readonly verifySignatures: (bytes: Uint8Array) => Promise<boolean>;
  readonly logger: Logger;
  /** Of the CometBFT process, beside this one's own. */
  readonly cometbftEnvironment: Readonly<Record<string, string>> | undefined;
  readonly onClose: (closer: () => Promise<void>) => void;
}

/** What orders, and what it has executed. */
export interface OrderedLedger {
  readonly ledger: Ledger;
  readonly engine: Engine;
}

/**
 * Opens the ledger, and over it the engine that the configuration names. A node that is to begin from a snapshot gets its state first. Throws Error
 * when the validator's key has voted in another engine.
 */
export function openOrderedLedger(parts: EngineParts): Promise<OrderedLedger> {
  return parts.config.engine === "cometbft" ? openComet(parts) : openEmbedded(parts);
}

/** Opens the ledger in the store, or founds it. */
export async function openStoredLedger({ config, kv, crypto, genesis, logger }: EngineParts): Promise<Ledger> {
  const { keepVersions, cacheBytes } = config;
  const onRebuild = () =>
    logger.warn(
      "the state tree is made anew from its values, which takes minutes at ten million: its log is not whole, an earlier release wrote it, or it has come to more keys than the memory holds",
    );
  return openLedger({ kv, crypto, versions: ledgerVersions, genesis, keepVersions, cacheBytes, onRebuild });
}

async function openEmbedded(parts: EngineParts): Promise<OrderedLedger> {
  const { config, folder, kv, crypto, genesis, now, logger, verifySignatures, onClose } = parts;
  if ((await lastVoteHeight(cometHome(folder.cometbft))) > 0) {
    throw new Error('the validator\'s key has voted in CometBFT: two engines could vote against each other; set engine to "cometbft"');
  }
  const ledger = await openStoredLedger(parts);
  const lastSigned = await openLastSignedFiles(folder.keys);
  onClose(() => lastSigned.close());
  const { blockIntervalMs, emptyBlockIntervalMs, maxPoolTxs, maxPoolBytes } = config;
  const engine = await openEmbeddedEngine({
    ...{ ledger, kv, crypto, genesis, versions: ledgerVersions, lastSigned, verifySignatures },
    signer: ed25519Key(await openSecretFile(folder.validatorKey)),
    clock: () => fromMilliseconds(now()),
    settings: { blockIntervalMs, maxPoolTxs, maxPoolBytes, ...(emptyBlockIntervalMs > 0 ? { emptyBlockIntervalMs } : {}) },
    report: reportTo(logger),
  });
  onClose(() => engine.stop());
  return { ledger, engine };
}

async function openComet(parts: EngineParts): Promise<OrderedLedger> {
  const { config, folder, kv, crypto, genesis, now, logger, verifySignatures, onClose } = parts;
  await requireNoEmbeddedVote(folder);
  const stateSync = isBeginning(kv) ? stateSyncSettings(config) : undefined;
  const host = await openHost(parts, stateSync);
  onClose(() => host.close());
  const ledger = await (stateSync ? begin(parts, host, stateSync) : openStoredLedger(parts));
  const engine = await openCometEngine({
    ...{ ledger, kv, crypto, genesis, versions: ledgerVersions, host, verifySignatures, clock: now },
    maxPoolTxs: config.maxPoolTxs,
    maxPoolBytes: config.maxPoolBytes,
    emptyBlockIntervalMs: config.cometbftEmptyBlockIntervalMs,
    snapshots: { folder: await openSnapshotFolder(folder.snapshots), intervalBlocks: config.snapshotIntervalBlocks },
    retainBlocks: config.cometbftRetainBlocks,
    report: reportTo(logger),
  });
  onClose(() => engine.stop());
  return { ledger, engine };
}

function reportTo(logger: Pick<Logger, "error">): (error: unknown) => void {
  return (error) => logger.error({ err: error }, "the engine met an error beside the making of blocks");
}

/** The state that other nodes give, and the ledger over it. */
function begin(parts: EngineParts, host: CometHost, stateSync: StateSyncSettings): Promise<Ledger> {
  const { kv, crypto, genesis, now, logger } = parts;
  if (holdsState(kv)) logger.warn("the node ended before the first block after its snapshot; it begins again from one of the other nodes");
  const verifiedHeader = createTrustedHeaders({ ...stateSync, chainId: genesis.chainId, crypto, now });
  const openLedger = () => openStoredLedger(parts);
  const report = (error: unknown) => logger.warn({ err: error }, "a snapshot was rejected; another one is looked for");
  return tellWhile(beginFromSnapshot({ host, kv, crypto, verifiedHeader, openLedger, report }), logger);
}

const WAIT_TOLD_MS = 20_000;

/** A node that begins from a snapshot serves nothing before it has one: who started it learns what it waits for. */
async function tellWhile(begun: Promise<Ledger>, logger: Pick<Logger, "warn">): Promise<Ledger> {
  const telling = setInterval(() => {
    logger.warn("waiting for a snapshot of the other nodes; each makes one every snapshotIntervalBlocks blocks");
  }, WAIT_TOLD_MS);
  return begun.finally(() => clearInterval(telling));
}

function stateSyncSettings({ stateSyncServers: servers, stateSyncTrustHeight, stateSyncTrustHash }: Config): StateSyncSettings | undefined {
  if (servers === "none") return undefined;
  return { servers, trustHeight: stateSyncTrustHeight, trustHash: stateSyncTrustHash };
}

async function openHost(parts: EngineParts, stateSync: StateSyncSettings | undefined): Promise<CometHost> {
  const { config, folder, crypto, genesis, logger, cometbftEnvironment } = parts;
  const [validatorSecret, nodeSecret] = [await openSecretFile(folder.validatorKey), await openSecretFile(folder.nodeKey)];
  const given = (text: string) => (text === "none" ? "" : text);
  return openCometHost({
    home: cometHome(folder.cometbft),
    binary: config.cometbftBinary,
    genesis,
    crypto,
    validatorKey: { secret: validatorSecret, publicKey: ed25519Key(validatorSecret).publicKey },
    nodeKey: { secret: nodeSecret, publicKey: ed25519Key(nodeSecret).publicKey },
    settings: {
      p2pHost: config.p2pHost,
      p2pPort: config.p2pPort,
      peers: given(config.p2pPeers),
      externalAddress: given(config.p2pExternalAddress),
      rpcPort: config.cometbftRpcPort,
      blockIntervalMs: config.blockIntervalMs,
      emptyBlockIntervalMs: config.cometbftEmptyBlockIntervalMs,
      maxPoolTxs: config.maxPoolTxs,
      maxPoolBytes: config.maxPoolBytes,
      stateSync,
    },
    environment: cometbftEnvironment ?? {},
    log: (line) => logger.info({ line }, "cometbft"),
  });
}

async function requireNoEmbeddedVote(folder: DataFolder): Promise<void> {
  const files: LastSignedFiles = await openLastSignedFiles(folder.keys);
  const vote = await files.read();
  await files.close();
  if (vote) {
    throw new Error(
      `the validator's key has voted in the embedded engine up to block ${vote.height}: two engines could vote against each other; set engine to "embedded", or found a network with a new key`,
    );
  }
}
