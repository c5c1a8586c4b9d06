import { ed25519 } from "@noble/curves/ed25519.js";
import type { BlockVote } from "../../../app/block-facts.ts";
import { bytesToHex } from "../../../crypto/hex.ts";
import { portableCrypto } from "../../../crypto/portable.ts";
import { expectDone, foundingBy, foundingVersion, type TestAccount, testAccount } from "../../../testing/actors.ts";
import { createTestChain, type TestChain, type TestKey, testKey } from "../../../testing/chain.ts";
import type { Message } from "../../../tx/transaction.ts";
import { tokensModule } from "../../tokens/index.ts";
import { validatorsModule } from "../index.ts";
import { keyProofBytes, readyProofBytes } from "../proofs.ts";
import { defaultSettings, type Settings } from "../settings.ts";
import { addressOf, currentSet } from "../state.ts";
import { isSolution, solutionBytes } from "../work.ts";

export const nodesVersion = { ...foundingVersion, modules: [...foundingVersion.modules, tokensModule, validatorsModule] };

/** An organisation with a node. */
export interface TestOperator extends TestAccount {
  readonly name: string;
  readonly nodeKey: TestKey;
}

export function testOperator(name: string): TestOperator {
  return { ...testAccount(name, { kind: "organisation" }), name, nodeKey: testKey(`${name}/node`) };
}

type Four = [TestOperator, TestOperator, TestOperator, TestOperator];
export const [north, east, south, west] = ["north", "east", "south", "west"].map(testOperator) as Four;

/** Short epochs and terms, so that a test reaches them in a few blocks. */
export const quick: Settings = {
  ...defaultSettings,
  ...{ admission: "open", epochBlocks: 8, readinessBlocks: 12, unbondingEpochs: 2 },
  downtime: { sampleBlocks: 1, windowBlocks: 10, maxMissed: 3, jailBlocks: 6, slashBasisPoints: 100 },
  doubleSign: { jailBlocks: 12, slashBasisPoints: 1_000 },
};

export interface NetworkOptions {
  /** Those who decide together and begin with a node each, power 1. */
  readonly founders: readonly TestOperator[];
  /** Members of the alliance that have no node yet. */
  readonly others?: readonly TestOperator[];
  readonly settings?: Partial<Settings>;
  /** Number of the ledger version, the newest unless said otherwise. */
  readonly version?: number;
}

/** A chain in memory on which the founders' nodes vote; its height is 0. */
export function foundNetwork({
  founders,
  others = [],
  settings,
  version: number = nodesVersion.number,
}: NetworkOptions): Promise<TestChain> {
  const nodes = founders.map(({ account, nodeKey }) => ({ organisation: account, publicKey: nodeKey.publicKey }));
  return createTestChain({
    version: { ...nodesVersion, number },
    validators: founders.map(({ nodeKey }) => ({ publicKey: nodeKey.publicKey, power: 1 })),
    modules: { ...foundingBy(...founders, ...others), validators: { nodes, settings: { ...quick, ...settings } } },
  });
}

/** The kind `shares`, and so many of them for each account. */
export async function mintShares(chain: TestChain, members: readonly TestAccount[], amounts: ReadonlyMap<string, number>): Promise<void> {
  const mints = [...amounts].map(([account, amount]) => ({ type: "tokens.mint", value: { tokenKind: "shares", account, amount } }));
  await expectDone(chain.run(members, { type: "tokens.register", value: { tokenKind: "shares" } }, ...mints));
}

function sign({ secretKey }: TestKey, bytes: Uint8Array): string {
  return bytesToHex(ed25519.sign(bytes, secretKey));
}

export function keyMessage(
  type: "register" | "replaceKey",
  { account, nodeKey }: TestOperator,
  key: TestKey = nodeKey,
  chainId = "test-chain",
) {
  const proof = sign(key, keyProofBytes(chainId, account));
  return { type: `validators.${type}`, value: { organisation: account, publicKey: key.publicKey, proof } };
}

export function readyMessage({ account, nodeKey }: TestOperator, height: number, key: TestKey = nodeKey): Message {
  const proof = sign(key, readyProofBytes("test-chain", account, height));
  return { type: "validators.announceReady", value: { organisation: account, height, proof } };
}

export function nodeMessage(type: "leave" | "unjail", { account }: TestOperator): Message {
  return { type: `validators.${type}`, value: { organisation: account } };
}

export function bondMessage(
  type: "bond" | "unbond",
  { node, by, amount }: { readonly node: TestOperator; readonly by: TestAccount; readonly amount: number },
): Message {
  return { type: `validators.${type}`, value: { organisation: node.account, account: by.account, amount } };
}

export function policyMessage(settings: Partial<Settings>): Message {
  return { type: "validators.setPolicy", value: { ...quick, ...settings } };
}

/** The power of each operator, by name; of two keys of one, the sum. Names without power do not appear. */
export function powersOf({ ledger }: TestChain, operators: readonly TestOperator[], keys: ReadonlyMap<string, string> = new Map()) {
  const names = new Map([...operators.map(({ name, nodeKey }) => [nodeKey.publicKey, name] as const), ...keys]);
  const powers: Record<string, number> = {};
  for (const { publicKey, power } of currentSet(ledger)) {
    const name = names.get(publicKey) ?? publicKey;
    powers[name] = (powers[name] ?? 0) + power;
  }
  return powers;
}

/** Seals empty blocks until the next block begins an epoch. */
export async function toEndOfEpoch(chain: TestChain, epochBlocks = quick.epochBlocks): Promise<void> {
  while ((chain.ledger.height + 1) % epochBlocks !== 0) await chain.block();
}

/** Seals the first block of the next epoch, with all that comes before it. */
export async function toNextEpoch(chain: TestChain, epochBlocks = quick.epochBlocks) {
  await toEndOfEpoch(chain, epochBlocks);
  return chain.block();
}

export function voteOf({ nodeKey }: TestOperator, signed: boolean): BlockVote {
  return { address: addressOf(nodeKey.publicKey, portableCrypto), power: 1, signed };
}

export function doubleSignOf({ nodeKey }: Pick<TestOperator, "nodeKey">, height: number) {
  const address = addressOf(nodeKey.publicKey, portableCrypto);
  return { kind: "duplicateVote" as const, address, power: 1, height, time: 1_700_000_000_000, totalPower: 4 };
}

/** The first nonces from `from` on that solve a puzzle. */
export function mine(
  { challenge, difficulty }: { readonly challenge: string; readonly difficulty: number },
  { nodeKey }: TestOperator,
  { count, from = 0 }: { readonly count: number; readonly from?: number },
): number[] {
  const nonces: number[] = [];
  for (let nonce = from; nonces.length < count; nonce++) {
    const hash = portableCrypto.sha256(solutionBytes({ challenge, publicKey: nodeKey.publicKey, nonce }));
    if (isSolution(hash, difficulty)) nonces.push(nonce);
  }
  return nonces;
}

export function solveMessage({ account }: TestOperator, nonces: readonly number[]): Message {
  return { type: "validators.solve", value: { organisation: account, nonces } };
}
