import { openCometEngine } from "@galen/engines/cometbft/comet-engine";
import { type CometHost, openCometHost } from "@galen/engines/cometbft/host";
import { cometHome } from "@galen/engines/cometbft/process/home";
import { lastVoteHeight } from "@galen/engines/cometbft/process/prepare-home";
import { openEmbeddedEngine } from "@galen/engines/embedded/embedded-engine";
import { type LastSignedFiles, openLastSignedFiles } from "@galen/engines/embedded/last-signed-file";
import type { Engine } from "@galen/engines/engine";
import type { Genesis } from "@galen/ledger/app/genesis";
import type { Ledger } from "@galen/ledger/app/ledger";
import { fromMilliseconds } from "@galen/ledger/block/timestamp";
import { ledgerVersions } from "@galen/ledger/modules/index";
import type { KeyValueStore } from "@galen/ledger/store/kv";
import type { PreparedTransaction } from "@galen/ledger/tx/prepare";
import { nativeCrypto } from "./crypto/native.ts";
import type { DataFolder } from "./data-folder.ts";
import { ed25519Key } from "./keys/ed25519-key.ts";
import { openSecretFile } from "./keys/secret-file.ts";
import type { Logger } from "./logger.ts";
import type { Config } from "./settings.ts";

export interface EngineParts {
  readonly config: Config;
  readonly folder: DataFolder;
  readonly ledger: Ledger;
  readonly kv: KeyValueStore;
  readonly genesis: Genesis;
  readonly now: () => number;
  readonly verifySignatures: (prepared: PreparedTransaction) => Promise<boolean>;
  readonly logger: Logger;
  /** Of the CometBFT process, beside this one's own. */
  readonly cometbftEnvironment: Readonly<Record<string, string>> | undefined;
  readonly onClose: (closer: () => Promise<void>) => void;
}

/** Opens the engine that the configuration names. Throws Error when the validator's key has voted in another one. */
export function openEngine(parts: EngineParts): Promise<Engine> {
  return parts.config.engine === "cometbft" ? openComet(parts) : openEmbedded(parts);
}

async function openEmbedded({ config, folder, ledger, kv, genesis, now, verifySignatures, onClose }: EngineParts): Promise<Engine> {
  if ((await lastVoteHeight(cometHome(folder.cometbft))) > 0) {
    throw new Error('the validator\'s key has voted in CometBFT: two engines could vote against each other; set engine to "cometbft"');
  }
  const lastSigned = await openLastSignedFiles(folder.keys);
  onClose(() => lastSigned.close());
  const { blockIntervalMs, emptyBlockIntervalMs, maxPoolTxs, maxPoolBytes } = config;
  const engine = await openEmbeddedEngine({
    ...{ ledger, kv, crypto: nativeCrypto, genesis, versions: ledgerVersions, lastSigned, verifySignatures },
    signer: ed25519Key(await openSecretFile(folder.validatorKey)),
    clock: () => fromMilliseconds(now()),
    settings: { blockIntervalMs, maxPoolTxs, maxPoolBytes, ...(emptyBlockIntervalMs > 0 ? { emptyBlockIntervalMs } : {}) },
  });
  onClose(() => engine.stop());
  return engine;
}

async function openComet(parts: EngineParts): Promise<Engine> {
  const { config, folder, ledger, kv, genesis, now, verifySignatures, onClose } = parts;
  await requireNoEmbeddedVote(folder);
  const host = await openHost(parts);
  onClose(() => host.close());
  const engine = await openCometEngine({
    ...{ ledger, kv, crypto: nativeCrypto, genesis, versions: ledgerVersions, host, verifySignatures, clock: now },
    maxPoolTxs: config.maxPoolTxs,
    maxPoolBytes: config.maxPoolBytes,
    emptyBlockIntervalMs: config.cometbftEmptyBlockIntervalMs,
  });
  onClose(() => engine.stop());
  return engine;
}

async function openHost({ config, folder, genesis, logger, cometbftEnvironment }: EngineParts): Promise<CometHost> {
  const [validatorSecret, nodeSecret] = [await openSecretFile(folder.validatorKey), await openSecretFile(folder.nodeKey)];
  const given = (text: string) => (text === "none" ? "" : text);
  return openCometHost({
    home: cometHome(folder.cometbft),
    binary: config.cometbftBinary,
    genesis,
    crypto: nativeCrypto,
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
