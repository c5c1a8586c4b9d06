import { ed25519 } from "@noble/curves/ed25519.js";
import { p256 } from "@noble/curves/nist.js";
import { assertInvariants } from "../app/audit.ts";
import { type BlockFacts, noFacts } from "../app/block-facts.ts";
import type { TxResult } from "../app/execute.ts";
import { blobsOf } from "../app/execute.ts";
import type { Genesis } from "../app/genesis.ts";
import { type Block, type FinalizedBlock, type Ledger, openLedger } from "../app/ledger.ts";
import { defaultParameters, type Parameters, type Validator } from "../app/parameters.ts";
import type { LedgerVersion } from "../app/version.ts";
import { equalBytes } from "../crypto/bytes.ts";
import { bytesToHex, hexToBytes } from "../crypto/hex.ts";
import { portableCrypto } from "../crypto/portable.ts";
import type { CryptoProvider } from "../crypto/provider.ts";
import { createMemoryStore } from "../store/memory.ts";
import type { KeyType } from "../tx/key-type.ts";
import { receiptBytes } from "../tx/storage-receipts.ts";
import { encodeTransaction, type Message, type Signature, type StorageReceipt, signBytes } from "../tx/transaction.ts";

/** A deterministic key pair for tests: the same name gives the same keys. */
export interface TestKey {
  readonly keyType: KeyType;
  readonly secretKey: Uint8Array;
  readonly publicKey: string;
}

export function testKey(name: string): TestKey {
  const secretKey = secretOf(name);
  return { keyType: "ed25519", secretKey, publicKey: bytesToHex(ed25519.getPublicKey(secretKey)) };
}

/** A P-256 key pair, as passkeys have them. */
export function testPasskey(name: string): TestKey {
  const secretKey = secretOf(name);
  return { keyType: "p256", secretKey, publicKey: bytesToHex(p256.getPublicKey(secretKey, true)) };
}

function secretOf(name: string): Uint8Array {
  return portableCrypto.sha256(Uint8Array.from(name, (c) => c.charCodeAt(0)));
}

/** The signature of a test key over a message. */
export function signWith({ keyType, publicKey, secretKey }: TestKey, message: Uint8Array): Signature {
  const signature = keyType === "ed25519" ? ed25519.sign(message, secretKey) : p256.sign(message, secretKey);
  return { keyType, publicKey, signature: bytesToHex(signature) };
}

/** Who acts in a test: an account id and the keys that sign for it. */
export interface TestActor {
  readonly account: string;
  readonly keys: readonly TestKey[];
}

export interface ExecutedBlock {
  readonly block: Block;
  readonly finalized: FinalizedBlock;
}

/** A one-node chain in memory that executes real, signed transactions, a block per call. */
export interface TestChain {
  readonly genesis: Genesis;
  readonly ledger: Ledger;
  readonly kv: ReturnType<typeof createMemoryStore>;
  /** Time of the next block, milliseconds since 1970. */
  now: number;
  /** What the engine says of the next block, if anything. */
  facts: Partial<BlockFacts>;
  /** Signs and executes messages as one transaction in a block of its own. Storage receipts are added. */
  run(actors: TestActor | readonly TestActor[], ...messages: readonly Message[]): Promise<TxResult>;
  /** Builds signed bytes without executing them. */
  sign(actors: readonly TestActor[], messages: readonly Message[], expiresAt?: number): Uint8Array;
  block(...txs: readonly Uint8Array[]): Promise<FinalizedBlock>;
  /** Every block since the founding, with what it did. */
  readonly executed: readonly ExecutedBlock[];
  /** Throws unless the invariants of all modules hold. */
  checkInvariants(): Promise<void>;
  /** Executes all blocks again on a new ledger. Throws unless it comes to the same app hash at every height. */
  checkReplay(): Promise<void>;
  /** Moves the clock on and seals an empty block. */
  advance(milliseconds: number): Promise<FinalizedBlock>;
}

/** The key of the one validator that a chain has unless it is founded with others. */
export const VALIDATOR = testKey("validator");

/** Founds a chain with the given rules and module parts of the genesis document. */
export async function createTestChain(options: {
  version: LedgerVersion | readonly LedgerVersion[];
  modules?: Readonly<Record<string, unknown>>;
  parameters?: Partial<Parameters>;
  crypto?: CryptoProvider;
  chainId?: string;
  validators?: readonly Validator[];
  /** The end of another chain, and the document with which it goes on. */
  from?: { readonly kv: TestChain["kv"]; readonly genesis: Genesis };
}): Promise<TestChain> {
  const kv = options.from?.kv ?? createMemoryStore();
  const crypto = options.crypto ?? portableCrypto;
  const versions = Array.isArray(options.version) ? (options.version as readonly LedgerVersion[]) : [options.version as LedgerVersion];
  const genesis = options.from?.genesis ?? {
    chainId: options.chainId ?? "test-chain",
    genesisTime: 1_700_000_000_000,
    version: versions[0]!.number,
    validators: [...(options.validators ?? [{ publicKey: VALIDATOR.publicKey, power: 1 }])],
    parameters: { ...defaultParameters, ...options.parameters },
    modules: { ...options.modules },
  };
  const ledger = await openLedger({ kv, crypto, versions, genesis });
  const executed: ExecutedBlock[] = [];
  let salt = 0;

  const chain: TestChain = {
    genesis,
    executed,
    ledger,
    kv,
    now: genesis.genesisTime + 1_000,
    facts: {},
    sign(actors, messages, expiresAt = chain.now + 60_000) {
      salt += 1;
      const body = {
        chainId: ledger.chainId,
        signers: actors.map((actor) => actor.account),
        expiresAt,
        salt: salt.toString(16).padStart(16, "0"),
        messages,
      };
      const bodyBytes = ledger.version.codec.encodeBody(body);
      const message = signBytes(bodyBytes);
      const keys = new Map(actors.flatMap((actor) => actor.keys).map((key) => [key.publicKey, key]));
      const signatures = [...keys.values()].map((key) => signWith(key, message));
      const blobs = blobsOf(ledger.version, { transaction: { body, bodyBytes, signatures, receipts: [] } });
      return encodeTransaction({ bodyBytes, signatures, receipts: blobs.length > 0 ? [testReceipt(ledger.chainId, blobs)] : [] });
    },
    async block(...txs) {
      const block = { ...noFacts, ...chain.facts, height: ledger.height + 1, time: chain.now, txs };
      chain.facts = {};
      const finalized = ledger.finalizeBlock(block);
      executed.push({ block, finalized });
      await ledger.commit();
      ledger.resetCheck();
      chain.now += 1_000;
      return finalized;
    },
    checkInvariants: () => assertInvariants(ledger.version.modules, ledger.read(), kv),
    async checkReplay() {
      const second = await openLedger({ kv: createMemoryStore(), crypto, versions, genesis });
      for (const { block, finalized } of executed) {
        // Fresh bytes: nothing that the first ledger remembers of a transaction may help.
        const again = second.finalizeBlock({ ...block, txs: block.txs.map((bytes) => bytes.slice()) });
        await second.commit();
        if (!equalBytes(again.appHash, finalized.appHash)) throw new Error(`the replay differs at height ${block.height}`);
      }
    },
    async run(actors, ...messages) {
      const list = Array.isArray(actors) ? (actors as readonly TestActor[]) : [actors as TestActor];
      const { txResults } = await chain.block(chain.sign(list, messages));
      return txResults[0]!;
    },
    advance(milliseconds) {
      chain.now += milliseconds;
      return chain.block();
    },
  };
  return chain;
}

/** The test validator's receipt for blobs. */
export function testReceipt(chainId: string, blobs: readonly string[]): StorageReceipt {
  const signature = ed25519.sign(receiptBytes(chainId, blobs, portableCrypto.sha256), VALIDATOR.secretKey);
  return { publicKey: VALIDATOR.publicKey, signature: bytesToHex(signature) };
}

/** Hex of `length` bytes derived from a name: ids, hashes and addresses for tests. */
export function testBytes(name: string, length = 32): string {
  let bytes = "";
  for (let i = 0; bytes.length < length * 2; i++)
    bytes += bytesToHex(portableCrypto.sha256(hexToBytes(testKey(`${name}/${i}`).publicKey)!));
  return bytes.slice(0, length * 2);
}
