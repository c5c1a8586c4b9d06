import type { Block } from "@galen/ledger/app/ledger";
import { type Validator, validators } from "@galen/ledger/app/parameters";
import { bytesToHex } from "@galen/ledger/crypto/hex";
import { readyProofBytes } from "@galen/ledger/modules/validators/proofs";
import type { Puzzle } from "@galen/ledger/modules/validators/schema";
import { addressOf, nodes, puzzle } from "@galen/ledger/modules/validators/state";
import type { Message } from "@galen/ledger/tx/transaction";
import { nativeCrypto } from "@galen/node/crypto/native";
import type { OwnAccount } from "@galen/sdk/transactions/own-account";
import { findSolutions } from "../mining/find-solutions.ts";
import { createRandom } from "../town/synthetic-patients/random.ts";
import { bytesOf, CHAIN_ID, type LabChain, type Operator, openLabChain } from "./lab-chain.ts";
import { createRoundModel, type FinalBlock } from "./round-model.ts";
import { EPOCH_BLOCKS, type LabOptions, type PolicyKind } from "./scenario.ts";

/** What came of one policy on the ledger and in the model of the network. */
export interface PolicyRun {
  readonly blocks: readonly FinalBlock[];
  readonly hashes: number;
  /** Power of every operator at the end of every epoch, as a share of all. */
  readonly shares: readonly (readonly number[])[];
  readonly finalSet: readonly Validator[];
  readonly transactions: number;
}

/** Idle time after each block, in which late votes arrive. */
export const COMMIT_PAUSE_MS = 200;
/** The load: transfers of a share, in each block alike. */
const TRANSFERS = 2;
/** A block of the load is small; a full one is judged apart. */
const LOAD_MEGABYTES = 0.001;
const STAKE_RESERVE = 1_000;

/** Runs the policy for all epochs: real transactions on a real ledger, modelled messages between nodes. */
export async function runPolicy(
  kind: PolicyKind,
  options: LabOptions,
  { operators, crowd }: { readonly operators: readonly Operator[]; readonly crowd: OwnAccount },
): Promise<PolicyRun> {
  const chain = await openLabChain(kind, options, operators);
  const model = createRoundModel(createRandom(`${options.seed}/network`));
  const sets: (readonly Validator[])[] = [setOf(chain), setOf(chain), setOf(chain)];
  const blocks: FinalBlock[] = [];
  const shares: number[][] = [];
  let [hashes, transactions, waitMs] = [0, 0, 0];
  for (let height = 1; height <= options.epochs * EPOCH_BLOCKS; height++) {
    const work = mineEpoch(chain, operators, height);
    hashes += work.hashes;
    const txs = await transactionsOf(chain, operators, { height, crowd, solutions: work.messages });
    await chain.block(waitMs, factsOf(options, operators, { height, lastSet: sets[height - 1]! }), txs);
    transactions += txs.length;
    // What a block changes decides two blocks later (cometbft state/execution.go updateState).
    sets[height + 2] = setOf(chain);
    const block = model.next(modelNodes(operators, sets[height]!, height), LOAD_MEGABYTES);
    blocks.push(block);
    waitMs = block.finalityMs + COMMIT_PAUSE_MS;
    if (height % EPOCH_BLOCKS === 0) shares.push(sharesOf(operators, setOf(chain)));
  }
  return { blocks, hashes, shares, finalSet: setOf(chain), transactions };
}

function setOf({ ledger }: LabChain): readonly Validator[] {
  return validators.get(ledger, "current")!.validators;
}

function sharesOf(operators: readonly Operator[], set: readonly Validator[]): number[] {
  const total = set.reduce((sum, { power }) => sum + power, 0);
  return operators.map(({ publicKey }) => (set.find((member) => member.publicKey === publicKey)?.power ?? 0) / total);
}

function isAway({ awayFrom, awayUntil }: Operator, height: number): boolean {
  return height >= awayFrom && height < awayUntil;
}

/** The set with the places of its nodes; places do not depend on the policy. */
export function modelNodes(operators: readonly Operator[], set: readonly Validator[], height: number) {
  return set.map(({ publicKey, power }) => {
    const operator = operators.find((one) => one.publicKey === publicKey)!;
    return { key: publicKey, power, x: operator.x, y: operator.y, isAway: isAway(operator, height) };
  });
}

function factsOf(
  { seed }: LabOptions,
  operators: readonly Operator[],
  { height, lastSet }: { readonly height: number; readonly lastSet: readonly Validator[] },
): Partial<Block> {
  const votes = modelNodes(operators, height === 1 ? [] : lastSet, height - 1).map(({ key, power, isAway: away }) => {
    return { address: addressOf(key, nativeCrypto), power, signed: !away };
  });
  return { hash: bytesToHex(bytesOf(`${seed}/block/${height}`)), votes };
}

async function transactionsOf(
  chain: LabChain,
  operators: readonly Operator[],
  { height, crowd, solutions }: { readonly height: number; readonly crowd: OwnAccount; readonly solutions: ReadonlyMap<Operator, Message> },
): Promise<Uint8Array[]> {
  if (height === 1) {
    const deciding = operators.slice(0, Math.floor((operators.length * 2) / 3) + 1).map(({ own }) => own);
    return Promise.all([chain.sign([crowd], crowd.creation), chain.sign(deciding, ...mints(operators, crowd))]);
  }
  const load = Array.from({ length: TRANSFERS }, (_, at) => {
    const sender = operators[(height + at) % operators.length]!;
    const recipient = operators[(height + at + 1) % operators.length]!;
    const value = { tokenKind: "shares", sender: sender.own.account, recipient: recipient.own.account, amount: 1 };
    return chain.sign([sender.own], { type: "tokens.transfer", value });
  });
  const bonds = height === 2 ? operators.map((operator) => chain.sign([operator.own, crowd], ...bondsOf(operator, crowd))) : [];
  const mined = [...solutions].map(([operator, message]) => chain.sign([operator.own], message));
  const back = operators
    .filter((operator) => isBack(chain, operator, height))
    .map((operator) => chain.sign([operator.own], ...returning(operator, height)));
  return Promise.all([...bonds, ...load, ...mined, ...back]);
}

function mints(operators: readonly Operator[], crowd: OwnAccount): Message[] {
  const mint = (account: string, amount: number) => ({ type: "tokens.mint", value: { tokenKind: "shares", account, amount } });
  const entrusted = operators.reduce((sum, { delegated }) => sum + delegated, 0);
  const own = operators.map((operator) => mint(operator.own.account, operator.stake + STAKE_RESERVE));
  return [{ type: "tokens.register", value: { tokenKind: "shares" } }, ...own, mint(crowd.account, entrusted)];
}

/** The own stake, and what others entrust to the node. */
function bondsOf({ own, stake, delegated }: Operator, crowd: OwnAccount): Message[] {
  const bond = (account: string, amount: number) => ({ type: "validators.bond", value: { organisation: own.account, account, amount } });
  return [bond(own.account, stake), bond(crowd.account, delegated)];
}

/** A node that was away and jailed comes back once its time is over. */
function isBack({ ledger }: LabChain, operator: Operator, height: number): boolean {
  const jail = nodes.get(ledger, operator.own.account)?.jail;
  return jail !== undefined && height >= jail.until && !isAway(operator, height);
}

function returning({ own, nodeKey }: Operator, height: number): Message[] {
  const organisation = own.account;
  // For the block of the release: a sign of life before it counts no more.
  const proof = bytesToHex(nodeKey.sign(readyProofBytes(CHAIN_ID, organisation, height)));
  return [
    { type: "validators.unjail", value: { organisation } },
    { type: "validators.announceReady", value: { organisation, height, proof } },
  ];
}

/** Each epoch, everybody tries as many hashes as it has, in the first block that knows the puzzle. */
function mineEpoch(
  { ledger }: LabChain,
  operators: readonly Operator[],
  height: number,
): { hashes: number; messages: ReadonlyMap<Operator, Message> } {
  const present = puzzle.get(ledger, "current");
  const messages = new Map<Operator, Message>();
  if (!present || height % EPOCH_BLOCKS !== 3) return { hashes: 0, messages };
  let hashes = 0;
  for (const operator of operators) {
    if (isAway(operator, height) || nodes.get(ledger, operator.own.account)?.jail) continue;
    const nonces = solutionsOf(operator, present);
    hashes += operator.hashesPerEpoch;
    if (nonces.length > 0) messages.set(operator, { type: "validators.solve", value: { organisation: operator.own.account, nonces } });
  }
  return { hashes, messages };
}

/** As many as a message takes; more are as good as never. */
function solutionsOf({ publicKey, hashesPerEpoch }: Operator, { challenge, difficulty }: Puzzle): number[] {
  return findSolutions({ challenge, publicKey, difficulty, from: 0, to: hashesPerEpoch }).slice(0, 64);
}
