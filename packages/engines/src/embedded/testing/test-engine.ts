import { createPrivateKey, type KeyObject, sign } from "node:crypto";
import type { Genesis } from "@galen/ledger/app/genesis";
import { type Ledger, openLedger } from "@galen/ledger/app/ledger";
import { defaultParameters } from "@galen/ledger/app/parameters";
import { compileVersion } from "@galen/ledger/app/version";
import { fromMilliseconds } from "@galen/ledger/block/timestamp";
import { equalBytes } from "@galen/ledger/crypto/bytes";
import { bytesToHex, hexToBytes } from "@galen/ledger/crypto/hex";
import { portableCrypto } from "@galen/ledger/crypto/portable";
import type { KeyValueStore } from "@galen/ledger/store/kv";
import { createMemoryStore } from "@galen/ledger/store/memory";
import { type TestKey, testKey } from "@galen/ledger/testing/chain";
import { tallyVersion } from "@galen/ledger/testing/tally-module";
import { encodeTransaction, type Message, signBytes } from "@galen/ledger/tx/transaction";
import { type ChainStore, openChainStore } from "../../chain/chain-store.ts";
import type { Engine } from "../../engine.ts";
import { type EmbeddedEngineOptions, openEmbeddedEngine } from "../embedded-engine.ts";
import type { LastSigned } from "../last-signed.ts";

export const GENESIS_TIME = 1_700_000_000_000;
export const validatorKey = testKey("validator");
const { codec } = compileVersion(tallyVersion);

export const testGenesis: Genesis = {
  chainId: "engine-test",
  genesisTime: GENESIS_TIME,
  version: 1,
  validators: [{ publicKey: validatorKey.publicKey, power: 10 }],
  parameters: defaultParameters,
  modules: {},
};

/** What survives a crash, and how the next write to it goes. */
export interface TestDisk {
  readonly kv: KeyValueStore;
  vote: LastSigned | undefined;
  /** How often it was opened. What an earlier opening writes is lost: its process is dead. */
  openings: number;
  /** Of the next block: which of its two writes reach the disk before the process dies; undefined for both, and it lives. */
  crash: { readonly block: boolean; readonly vote: boolean } | undefined;
}

export function createTestDisk(): TestDisk {
  return { kv: createMemoryStore(), vote: undefined, openings: 0, crash: undefined };
}

/** A running engine on a disk in memory, with a clock that stands still until it is set. */
export interface TestEngine {
  readonly engine: Engine;
  readonly ledger: Ledger;
  readonly store: ChainStore;
  /** Milliseconds since 1970. */
  now: number;
}

const dead = () => Promise.reject(new Error("the process died"));

/** Opens an engine over what `disk` holds and lets it seal what is due. Each vote that its key gives is added to `votes`. */
export async function openTestEngine(
  disk: TestDisk,
  options: Partial<EmbeddedEngineOptions> & { readonly votes?: Uint8Array[] } = {},
): Promise<TestEngine> {
  const opening = ++disk.openings;
  const survives = (write: "block" | "vote") => opening === disk.openings && (disk.crash?.[write] ?? true);
  const isDead = () => opening !== disk.openings || disk.crash !== undefined;
  const kv: KeyValueStore = {
    ...disk.kv,
    async write(batch) {
      if (survives("block")) await disk.kv.write(batch);
      if (isDead()) return dead();
    },
  };
  const ledger = await openLedger({ kv, crypto: portableCrypto, versions: [tallyVersion], genesis: testGenesis });
  const test = { now: GENESIS_TIME + 1_000 };
  const engine = await openEmbeddedEngine({
    ledger,
    kv,
    crypto: portableCrypto,
    versions: [tallyVersion],
    genesis: testGenesis,
    signer: {
      publicKey: hexToBytes(validatorKey.publicKey)!,
      sign(bytes) {
        options.votes?.push(bytes);
        return signWith(validatorKey, bytes);
      },
    },
    lastSigned: {
      read: async () => disk.vote,
      async write(vote) {
        if (survives("vote")) disk.vote = vote;
        if (isDead()) return dead();
      },
    },
    clock: () => fromMilliseconds(test.now),
    report(error) {
      throw error;
    },
    ...options,
    settings: { proofDelayMs: 0, ...options.settings },
  });
  const opened = Object.assign(test, { engine, ledger, store: openChainStore(kv, [tallyVersion]) });
  await settled(opened);
  return opened;
}

/** Resolves when the engine has sealed all that was due, or has failed. */
export async function settled({ engine }: Pick<TestEngine, "engine">): Promise<void> {
  const isQuiet = () => {
    const { header, appHash, pool } = engine.status();
    return engine.health().state !== "running" || (header !== undefined && pool.txs === 0 && equalBytes(header.appHash, appHash));
  };
  do await new Promise((resolve) => setTimeout(resolve, 3));
  while (!isQuiet());
}

let salt = 0;

/** Signed bytes of a transaction by `who`; no two calls give the same. */
export function signedTx(who: string, messages: readonly Message[], expiresAt: number = GENESIS_TIME + 600_000): Uint8Array {
  const key = testKey(who);
  salt += 1;
  const body = { chainId: testGenesis.chainId, signers: [key.publicKey], expiresAt, salt: salt.toString(16).padStart(16, "0"), messages };
  const bodyBytes = codec.encodeBody(body);
  const signature = bytesToHex(signWith(key, signBytes(bodyBytes)));
  return encodeTransaction({ bodyBytes, signatures: [{ keyType: "ed25519", publicKey: key.publicKey, signature }], receipts: [] });
}

/** Signed bytes that add to a tally, made about `padding` bytes larger. */
export function addTx(name: string, amount = 1, { padding = 0, expiresAt = GENESIS_TIME + 600_000 } = {}): Uint8Array {
  const texts = Array.from({ length: Math.ceil(padding / 1_000) }, (_, i) => "x".repeat(Math.min(1_000, padding - i * 1_000)));
  return signedTx("ann", [{ type: "tally.add", value: { name, amount, padding: texts } }], expiresAt);
}

// DER of an Ed25519 private key up to the 32 bytes of its seed (RFC 8410).
const PKCS8_HEAD = Buffer.from("302e020100300506032b657004220420", "hex");
const keyObjects = new Map<string, KeyObject>();

function signWith({ publicKey, secretKey }: TestKey, bytes: Uint8Array): Uint8Array {
  const known = keyObjects.get(publicKey);
  const key = known ?? createPrivateKey({ key: Buffer.concat([PKCS8_HEAD, secretKey]), format: "der", type: "pkcs8" });
  if (!known) keyObjects.set(publicKey, key);
  return new Uint8Array(sign(null, bytes, key));
}
