import { blockFacts } from "@galen/engines/chain/block-facts";
import type { BlockRecord } from "@galen/engines/chain/block-record";
import { blockWrites, type ChainStore, type ExecutedTx, openChainStore } from "@galen/engines/chain/chain-store";
import type { BlockTx, SealedBlock } from "@galen/engines/chain/sealed-block";
import { advanceTip, awaitsProof, genesisTip, type Tip } from "@galen/engines/chain/tip";
import { voteTime } from "@galen/engines/chain/vote-time";
import { type Proposal, proposeBlock } from "@galen/engines/embedded/proposal";
import type { Engine } from "@galen/engines/engine";
import { errors } from "@galen/engines/errors";
import { refusedResult } from "@galen/ledger/app/execute";
import type { Genesis } from "@galen/ledger/app/genesis";
import type { Ledger } from "@galen/ledger/app/ledger";
import { parameters } from "@galen/ledger/app/parameters";
import { Refusal } from "@galen/ledger/app/refusal";
import { BlockIdFlag, type Commit } from "@galen/ledger/block/commit";
import { fromMilliseconds, toMilliseconds } from "@galen/ledger/block/timestamp";
import { validatorAddress } from "@galen/ledger/block/validator";
import { precommitSignBytes } from "@galen/ledger/block/vote";
import { bytesToHex } from "@galen/ledger/crypto/hex";
import { ledgerVersions } from "@galen/ledger/modules/index";
import type { KeyValueStore } from "@galen/ledger/store/kv";
import { nativeCrypto } from "../crypto/native.ts";
import type { Ed25519Key } from "../keys/ed25519-key.ts";
import { type EngineParts, type OrderedLedger, openStoredLedger } from "../open-engine.ts";

/** What stands for the consensus of several validators in tests: one order of blocks, signed by all of them, executed at every node that is there. */
export interface SharedChain {
  /** Opens ledger and engine of one more node; a node that returns executes what it has missed. */
  openOrderedLedger(parts: EngineParts): Promise<OrderedLedger>;
  /** Seals a block even if nothing waits. */
  seal(): Promise<void>;
}

interface Node {
  readonly ledger: Ledger;
  readonly kv: KeyValueStore;
  readonly store: ChainStore;
  readonly listeners: Set<(block: SealedBlock) => void>;
}

interface ArchivedBlock {
  readonly before: Tip;
  readonly after: Tip;
  readonly proposal: Proposal;
  readonly commit: Commit;
  readonly record: BlockRecord;
}

const { sha256 } = nativeCrypto;

/** A chain of the validators whose keys these are; `clock` in milliseconds since 1970. */
export function createSharedChain(keys: readonly Ed25519Key[], clock: () => number = Date.now): SharedChain {
  const nodes = new Set<Node>();
  const archive: ArchivedBlock[] = [];
  let tip: Tip | undefined;
  let pool: BlockTx[] = [];
  let work: Promise<unknown> = Promise.resolve();
  let isSealingDue = false;

  function inTurn<T>(task: () => Promise<T>): Promise<T> {
    const done = work.then(task);
    work = done.catch(() => {}); // who waits for `done` hears of it
    return done;
  }

  async function seal(): Promise<void> {
    if (!tip || nodes.size === 0) return;
    const before = tip;
    const proposal = proposeBlock(before, pool.splice(0), sha256);
    const commit = signedByAll(proposal, before, keys, clock());
    const records = [...nodes].map((node) => [node, execute(node.ledger, before, proposal)] as const);
    const record = records[0]![1];
    const after = advanceTip(before, { header: proposal.header, commit }, record, sha256);
    archive.push({ before, after, proposal, commit, record });
    for (const [node, own] of records) await keep(node, { before, after, proposal, commit, record: own });
    tip = after;
    for (const { ledger } of nodes) ledger.resetCheck();
    const block = { height: after.height, header: proposal.header, commit, txs: proposal.txs, record };
    for (const { listeners } of nodes) for (const listener of listeners) queueMicrotask(() => listener(block));
    if (awaitsProof(after)) scheduleSeal();
  }

  function scheduleSeal(): void {
    if (isSealingDue) return;
    isSealingDue = true;
    setTimeout(() => {
      isSealingDue = false;
      void inTurn(seal);
    }, 2);
  }

  async function attach(node: Node, genesis: Genesis): Promise<void> {
    tip ??= genesisTip(genesis, node.ledger.appHash, sha256);
    for (const block of archive.slice(node.ledger.height))
      await keep(node, { ...block, record: execute(node.ledger, block.before, block.proposal) });
    nodes.add(node);
    if (tip.height === 0) scheduleSeal();
  }

  return {
    seal: () => inTurn(seal),
    async openOrderedLedger(parts) {
      const { kv, genesis, onClose } = parts;
      const ledger = await openStoredLedger(parts);
      const node: Node = { ledger, kv, store: openChainStore(kv, ledgerVersions), listeners: new Set() };
      await inTurn(() => attach(node, genesis));
      const engine = engineOf(node, {
        tip: () => tip!,
        pool: () => pool,
        add(tx) {
          pool = [...pool, tx];
          scheduleSeal();
        },
        detach: () => inTurn(async () => void nodes.delete(node)),
      });
      onClose(() => engine.stop());
      return { ledger, engine };
    },
  };
}

function signedByAll({ header, id }: Proposal, before: Tip, keys: readonly Ed25519Key[], now: number): Commit {
  const timestamp = voteTime(header.time, fromMilliseconds(now));
  const message = precommitSignBytes({ chainId: header.chainId, height: header.height, round: 0, blockId: id, timestamp });
  const signatures = before.validators.map(({ publicKey }) => {
    const key = keys.find((one) => bytesToHex(one.publicKey) === bytesToHex(publicKey))!;
    const address = validatorAddress(publicKey, sha256);
    return { blockIdFlag: BlockIdFlag.commit, validatorAddress: address, timestamp, signature: key.sign(message) };
  });
  return { height: header.height, round: 0, blockId: id, signatures };
}

function execute(ledger: Ledger, before: Tip, { header, id, txs }: Proposal): BlockRecord {
  const facts = blockFacts({ blockHash: id.hash, lastCommit: before.commit, lastValidators: before.lastValidators, evidence: [] }, sha256);
  const block = { height: header.height, time: toMilliseconds(header.time), txs: txs.map(({ bytes }) => bytes) };
  const finalized = ledger.finalizeBlock({ ...facts, ...block });
  return { ...finalized, maxBlockBytes: parameters.get(ledger, "current")!.maxBlockBytes };
}

async function keep({ ledger, store }: Node, { before, after, proposal: { bytes, txs }, record }: ArchivedBlock): Promise<void> {
  await ledger.commit(blockWrites({ before, after, bytes, txs, record }, store));
}

interface Chain {
  readonly tip: () => Tip;
  readonly pool: () => readonly BlockTx[];
  readonly add: (tx: BlockTx) => void;
  readonly detach: () => Promise<void>;
}

const POLL_MS = 3;

function engineOf({ ledger, store, listeners }: Node, chain: Chain): Engine {
  const isPending = (txHash: string) => chain.pool().some((tx) => tx.txHash === txHash);
  const engine: Engine = {
    async submit(bytes) {
      const txHash = bytesToHex(sha256(bytes));
      try {
        const result = ledger.checkTx(ledger.prepare(bytes));
        if (result.code !== 0) return { kind: "refused", txHash, result };
        chain.add({ bytes, txHash });
        return { kind: "pending", txHash, result };
      } catch (error) {
        if (error instanceof Refusal) return { kind: "refused", txHash, result: refusedResult(error) };
        throw error;
      }
    },
    isPending,
    async waitFor(txHash, { timeoutMs = 10_000 } = {}): Promise<ExecutedTx> {
      for (const deadline = performance.now() + timeoutMs; performance.now() < deadline; ) {
        const executed = store.tx(txHash);
        if (executed) return executed;
        await new Promise((resolve) => setTimeout(resolve, POLL_MS));
      }
      throw errors.StillPending({ txHash });
    },
    async submitAndWait(bytes, wait) {
      const { kind, txHash, result } = await engine.submit(bytes);
      return kind === "refused" ? { kind, txHash, result } : { kind: "executed", ...(await engine.waitFor(txHash, wait)) };
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    block: store.block,
    header: (height) => store.signedHeader(height)?.header,
    commit: store.signedHeader,
    results: store.record,
    outcomes: store.outcomes,
    tx: store.tx,
    validators: store.validators,
    proposerPriorities: async () => undefined,
    status() {
      const { chainId, height, header, blockId, appHash } = chain.tip();
      return {
        chainId,
        height,
        earliestHeight: Math.min(height, 1),
        header,
        blockHash: blockId.hash,
        appHash,
        pool: { txs: chain.pool().length, bytes: 0 },
      };
    },
    health: () => ({ state: "running", refusal: undefined }),
    failure: new Promise(() => {}),
    stop: chain.detach,
  };
  return engine;
}
