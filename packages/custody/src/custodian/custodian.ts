import type { ReadContext } from "@galen/ledger/app/context";
import { bytesToHex, requireHexBytes } from "@galen/ledger/crypto/hex";
import { releaseShareContext } from "@galen/ledger/crypto/release-statement";
import { accounts } from "@galen/ledger/modules/accounts/state";
import { offerProofBytes } from "@galen/ledger/modules/custody/index";
import { ceremonies, keys, running, standingOffer, usedKeys } from "@galen/ledger/modules/custody/state";
import { speaksFor } from "@galen/ledger/modules/validators/state";
import { nextEntry } from "@galen/ledger/modules/vault/served-log";
import { objects, releases } from "@galen/ledger/modules/vault/state";
import type { Message } from "@galen/ledger/tx/transaction";
import { releaseShare } from "../threshold/release-share.ts";
import { dealMessage, dueStatements, isToDeal } from "./ceremony-messages.ts";
import { type CeremonyPart, dealerIndex, finishedShare, makeDealing, namesOwnKey } from "./ceremony-part.ts";
import type { CustodianState, CustodianStatePort } from "./custodian-state.ts";
import { errors } from "./errors.ts";
import type { SealingScheme } from "./sealing.ts";
import type { ServedLogPort } from "./served-log.ts";

/** A custodian's answer to a reader; bytes in hex. */
export interface CustodianAnswer {
  /** Index of the custodian, from 1. */
  readonly custodian: number;
  readonly epoch: number;
  /** S_ij = x_i·(U_j + R_j), in the order of the request. */
  readonly shares: readonly string[];
  /** One proof of equal logarithms over all of them. */
  readonly proof: string;
}

/** Holds a share of the collective key, takes part in ceremonies by itself, and answers committed releases. */
export interface Custodian {
  readonly account: string;
  /** X25519 public key, hex, to be named in the next ceremony; offered for it on the ledger, where that takes offers. */
  readonly sealingKey: string;
  /** Place and epoch of the share that is held. */
  readonly holding: { readonly index: number; readonly epoch: number } | undefined;
  /** Throws Refusal custody/NoRelease, custody/NoShare, custody/Erased, custody/LogUnwritten. */
  releaseShares(releaseId: string, reader: string): Promise<CustodianAnswer>;
  /** Resolves when what the last block asked for is done. */
  settled(): Promise<void>;
  stop(): Promise<void>;
}

/** The node's consensus key. */
export interface NodeKey {
  /** Ed25519 public key, hex. */
  readonly publicKey: string;
  readonly sign: (message: Uint8Array) => Uint8Array;
}

export interface CustodianOptions {
  readonly account: string;
  /** What says whose custodian this is: the key under which the node is registered for an organisation. */
  readonly nodeKey: NodeKey;
  /** A context over the durable state. */
  readonly read: () => ReadContext;
  /** Whether the rules of the next block know messages of a type. */
  readonly knowsMessage: (type: string) => boolean;
  /** Calls back after every durable block; returns the way to stop. */
  readonly onBlock: (listener: () => void) => () => void;
  /** Signs the messages as `account` and sends them; resolves when they are executed, rejects when they are refused. */
  readonly submit: (messages: readonly Message[]) => Promise<void>;
  readonly state: CustodianStatePort;
  readonly served: ServedLogPort;
  readonly sealing: SealingScheme;
  /** `length` fresh random bytes. */
  readonly random: (length: number) => Uint8Array;
  /** Hears what went wrong: a refused message is tried again with the next block. */
  readonly report: (error: unknown) => void;
}

/** Starts a custodian. The same code for 1 of 1 and k of n. */
export async function startCustodian(options: CustodianOptions): Promise<Custodian> {
  const stored = await options.state.read();
  let state: CustodianState = stored ?? { sealingKey: options.sealing.newKey() };
  if (!stored) await options.state.write(state);

  async function keep(next: CustodianState): Promise<void> {
    await options.state.write(next);
    state = next;
  }
  // Apart from each other: whose share was spoilt must still receive, and offer a key, to be given another one.
  const tasks = [
    () => adoptKey(options, state, keep),
    () => takePart(options, () => state, keep),
    createOffering(options, () => state, keep),
  ];
  const work = createWork(tasks, options.report);
  const answer = await createAnswering(options, () => state);
  const unsubscribe = options.onBlock(work.again);
  work.again();
  return {
    account: options.account,
    get sealingKey() {
      return bytesToHex(state.sealingKey.publicKey);
    },
    get holding() {
      return state.held && { index: state.held.index, epoch: state.held.epoch };
    },
    releaseShares: answer,
    settled: work.settled,
    async stop() {
      unsubscribe();
      await work.settled();
    },
  };
}

/** Runs the tasks one after the other, and once more when it was asked for meanwhile. */
function createWork(tasks: readonly (() => Promise<void>)[], report: (error: unknown) => void) {
  let current = Promise.resolve();
  let isAsked = false;
  return {
    again(): void {
      if (isAsked) return;
      isAsked = true;
      current = current.then(async () => {
        isAsked = false;
        for (const task of tasks) await task().catch(report);
      });
    },
    settled: async () => current,
  };
}

type Keep = (state: CustodianState) => Promise<void>;

/** Does what the ledger's present state asks of this custodian. */
async function takePart(options: CustodianOptions, state: () => CustodianState, keep: Keep): Promise<void> {
  const ctx = options.read();
  const current = running.get(ctx, "release");
  if (!current) return;
  const part = partIn(options, ctx, current.ceremonyId);
  // A resharing deals on the share of the key in force: whose share was spoilt has none.
  const canDeal = part.ceremony.kind === "generate" || state().held?.epoch === keys.get(ctx, "release")?.epoch;
  if (canDeal && isToDeal(part)) {
    if (!namesOwnKey(part, state()))
      throw new Error(`the ceremony ${part.ceremonyId} names a sealing key for this custodian that is not its own; it deals nothing`);
    const kept = state().dealing;
    const dealing = kept?.ceremonyId === part.ceremonyId ? kept : await makeDealing(part, dealerIndex(part)!, state().held);
    // Kept before it is sent: a dealer that forgets its shares cannot answer a complaint.
    await keep({ ...state(), dealing });
    return options.submit([dealMessage(dealing)]);
  }
  for (const message of await dueStatements(part, state())) await options.submit([message]);
}

/**
 * Offers the sealing key for the next ceremony where the ledger takes offers, in the name of the organisation for which the node speaks; without one there is
 * nobody whose custodian this is. A key is sent until it is taken, and then no more: whatever the ledger says after that, nothing here goes round in circles.
 */
function createOffering(
  { account, nodeKey, read, knowsMessage, sealing, submit }: CustodianOptions,
  state: () => CustodianState,
  keep: Keep,
) {
  let taken: string | undefined;
  return async () => {
    const ctx = read();
    if (!knowsMessage("custody.offerKey") || !accounts.has(ctx, account)) return;
    const organisation = speaksFor(ctx, nodeKey.publicKey);
    if (organisation === undefined) return;
    const used = usedKeys.get(ctx, bytesToHex(state().sealingKey.publicKey));
    // Until the share of its ceremony is made, or known to be lost, the key may be all that opens it. Another's share it never opens: anybody may offer this key.
    const ids = [running.get(ctx, "release")?.ceremonyId, keys.get(ctx, "release")?.ceremonyId];
    if (used?.account === account && ids.includes(used.ceremonyId)) return;
    if (used) await keep({ ...state(), sealingKey: sealing.newKey() });
    const sealingKey = bytesToHex(state().sealingKey.publicKey);
    const offer = standingOffer(ctx, account);
    const isOffered = offer?.sealingKey === sealingKey && offer.organisation === organisation;
    if (isOffered || taken === sealingKey) return;
    const proof = bytesToHex(nodeKey.sign(offerProofBytes(ctx.chainId, { organisation, account, sealingKey })));
    await submit([{ type: "custody.offerKey", value: { organisation, sealingKey, proof } }]);
    taken = sealingKey;
  };
}

function partIn({ account, sealing, random }: CustodianOptions, ctx: ReadContext, ceremonyId: string): CeremonyPart {
  return { ctx, ceremonyId, ceremony: ceremonies.get(ctx, ceremonyId)!, account, sealing, random };
}

/** Takes over the share of a new key set; what belongs to earlier ones is forgotten in the same write. */
async function adoptKey(options: CustodianOptions, state: CustodianState, keep: Keep): Promise<void> {
  const ctx = options.read();
  const keySet = keys.get(ctx, "release");
  if (!keySet || state.held?.epoch === keySet.epoch) return;
  const own = keySet.custodians.find(({ account }) => account === options.account);
  if (!own) {
    if (state.held) await keep({ sealingKey: state.sealingKey });
    return;
  }
  const finished = await finishedShare(partIn(options, ctx, keySet.ceremonyId), state);
  if (finished?.point !== own.publicShare) {
    // What the ledger holds opens no better later. To be given a share in the next ceremony, it takes a key that has not served in this one.
    const hasServed = own.sealingKey === bytesToHex(state.sealingKey.publicKey);
    if (hasServed) await keep({ ...state, sealingKey: options.sealing.newKey() });
    throw new Error(`no share of epoch ${keySet.epoch} could be made; it takes a resharing`);
  }
  const held = { epoch: keySet.epoch, index: own.index, share: finished.share };
  await keep({ sealingKey: options.sealing.newKey(), held });
}

/** Of the releases that were answered last: what is logged needs no second entry. Some 3 MB. */
const MAX_REMEMBERED = 10_000;

/** Answers readers, one after the other where the log is concerned. */
async function createAnswering({ read, served, random }: CustodianOptions, state: () => CustodianState) {
  let last = await served.last();
  let logged = Promise.resolve();
  /** By release and epoch: the entry, on its way or durable. */
  const remembered = new Map<string, Promise<void>>();

  /** Asked again, the same reader gets the same points, which are accounted for: an entry for each time would let one account fill the disk. */
  function logOnce(entry: { releaseId: string; reader: string; epoch: number }): Promise<void> {
    const key = `${entry.releaseId}/${entry.epoch}`;
    const before = remembered.get(key);
    if (before) return before;
    const done = log(entry);
    done.catch(() => remembered.delete(key));
    remembered.set(key, done);
    if (remembered.size > MAX_REMEMBERED) remembered.delete(remembered.keys().next().value!);
    return done;
  }

  function log(entry: { releaseId: string; reader: string; epoch: number }): Promise<void> {
    const { height, crypto } = read();
    const done = logged.then(async () => {
      const logEntry = nextEntry(last, { ...entry, height }, crypto);
      await served.append(logEntry).catch((cause: unknown) => {
        throw Object.assign(errors.LogUnwritten(), { cause });
      });
      last = logEntry;
    });
    logged = done.catch(() => {}); // who waits for `done` hears of it
    return done;
  }

  return async (releaseId: string, reader: string): Promise<CustodianAnswer> => {
    const ctx = read();
    const release = releases.get(ctx, releaseId);
    if (release?.outcome.kind !== "released" || release.reader !== reader) throw errors.NoRelease({ releaseId });
    const { held } = state();
    if (!held || held.epoch !== keys.get(ctx, "release")?.epoch) throw errors.NoShare();
    const pairs = release.objects.map(({ objectId, requestPoint }) => {
      const { capsulePoint, erasedAt } = objects.get(ctx, objectId)!;
      // A copy of the blobs in somebody's backup must stay closed, also to a release from before the erasure.
      if (erasedAt !== undefined) throw errors.Erased({ objectId });
      return { capsulePoint: requireHexBytes(capsulePoint, 32), requestPoint: requireHexBytes(requestPoint, 32) };
    });
    const context = releaseShareContext(ctx.crypto, { chainId: ctx.chainId, requestId: releaseId, custodian: held.index });
    const answer = releaseShare({ share: held.share, objects: pairs, context, randomness: random(32), crypto: ctx.crypto });
    // Before the answer leaves: a share that nobody can account for must not exist.
    await logOnce({ releaseId, reader, epoch: held.epoch });
    return { custodian: held.index, epoch: held.epoch, shares: answer.points.map(bytesToHex), proof: bytesToHex(answer.proof) };
  };
}
