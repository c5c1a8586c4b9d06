import { type Genesis, genesisHash, initialHeight } from "@galen/ledger/app/genesis";
import type { FinalizedBlock, Ledger } from "@galen/ledger/app/ledger";
import { parameters } from "@galen/ledger/app/parameters";
import { equalBytes } from "@galen/ledger/crypto/bytes";
import { bytesToHex, hexToBytes } from "@galen/ledger/crypto/hex";
import type { CryptoProvider } from "@galen/ledger/crypto/provider";
import { decodeUtf8 } from "@galen/ledger/crypto/utf8";
import { ChainError } from "../../chain/chain-error.ts";
import { recordWrite } from "../../chain/chain-store.ts";
import type { BlockRules } from "../../chain/consensus-params.ts";
import type { BlockTx, ExecutedBlock } from "../../chain/sealed-block.ts";
import { type Application, type RequestOf, type ResponseOf, Verdict } from "../abci/messages.ts";
import type { KnownTransactions } from "./known-transactions.ts";
import { ledgerBlock } from "./ledger-block.ts";
import type { SignatureCheck } from "./signature-check.ts";

export interface ConsensusOptions {
  readonly ledger: Ledger;
  readonly genesis: Genesis;
  readonly crypto: CryptoProvider;
  readonly signatures: SignatureCheck;
  readonly known: KnownTransactions;
  /** Height below which CometBFT may forget its blocks; 0 for none. */
  readonly retainHeight: () => number;
  /** Called at once when a block was executed; it may be long before it is durable. */
  readonly onExecuted: () => void;
  /** Called, in this order and at once, when a block has become durable. */
  readonly onCommit: readonly ((height: number, executed: ExecutedBlock) => void)[];
}

type Methods =
  | "info"
  | "initChain"
  | "prepareProposal"
  | "processProposal"
  | "extendVote"
  | "verifyVoteExtension"
  | "finalizeBlock"
  | "commit";

export interface ConsensusCalls extends Pick<Application, Methods> {
  /** Commits no further block, and resolves when the last one that was being written is durable. CometBFT waits, and is then to be ended. */
  pause(): Promise<void>;
}

/** A block that is executed and not durable yet. */
interface Staged extends ExecutedBlock {
  readonly height: number;
  readonly blockHash: Uint8Array;
  readonly answer: ResponseOf<"finalizeBlock">;
}

/**
 * The calls that make blocks. Only `commit` writes to the disk, so after a crash CometBFT finds the ledger at the block before and calls again.
 * CometBFT stores a decided block before it has it executed, hence a repeated call at one height is for the same block, and gets the same answer.
 */
export function createConsensus(options: ConsensusOptions): ConsensusCalls {
  const { ledger, signatures, known } = options;
  const firstHeight = initialHeight(options.genesis);
  let durable = { height: ledger.durableHeight, appHash: ledger.appHash };
  let staged: Staged | undefined;
  let isPaused = false;
  let committing: Promise<unknown> = Promise.resolve();

  /** The bytes by which the ledger finds each transaction verified. */
  async function verified(txs: readonly BlockTx[]): Promise<readonly Uint8Array[]> {
    const bytes = txs.map((tx) => tx.bytes);
    await signatures.verifyAll(bytes);
    return bytes;
  }

  async function finalizeBlock(request: RequestOf<"finalizeBlock">): Promise<ResponseOf<"finalizeBlock">> {
    const { height, hash: blockHash } = request;
    if (staged?.height === height) return requireSameBlock(staged, blockHash).answer;
    const txs = known.ofBlock(request.txs);
    const bytes = await verified(txs);
    const before = rulesOf(ledger);
    const finalized = ledger.finalizeBlock(ledgerBlock({ ...request, txs: bytes }));
    options.onExecuted();
    const rules = rulesOf(ledger);
    const record = { ...finalized, maxBlockBytes: rules.maxBlockBytes };
    staged = { height, blockHash, txs, record, answer: answerOf(finalized, before, rules) };
    return staged.answer;
  }

  async function commit(): Promise<ResponseOf<"commit">> {
    if (!staged) throw new Error("CometBFT asked to commit without a block");
    const { height, txs, record } = staged;
    await ledger.commit([recordWrite(height, record)]).catch((cause: unknown) => {
      throw new ChainError("WriteFailed", `block ${height} could not be written; free space and start again`, { cause });
    });
    durable = { height, appHash: record.appHash };
    staged = undefined;
    known.forget();
    for (const hear of options.onCommit) hear(height, { txs, record });
    return { retainHeight: options.retainHeight() };
  }

  return {
    info: () => ({
      data: "galen",
      version: "",
      appVersion: ledger.version.number,
      // Before the first block, also where another chain ended below it, CometBFT calls InitChain and takes the root from there.
      lastBlockHeight: durable.height < firstHeight ? 0 : durable.height,
      lastBlockAppHash: durable.height < firstHeight ? new Uint8Array(0) : durable.appHash,
    }),
    initChain(request) {
      requireFounding(request, options);
      return { appHash: ledger.appHash };
    },
    async prepareProposal({ txs, maxTxBytes }) {
      return { txs: ledger.prepareProposal({ txs: await verified(known.ofBlock(txs)), maxBytes: maxTxBytes }) };
    },
    async processProposal(block) {
      const isTaken = block !== undefined && ledger.processProposal({ txs: await verified(known.ofBlock(block.txs)) });
      return { status: isTaken ? Verdict.accept : Verdict.reject };
    },
    // Vote extensions are off in our genesis documents. A vote that carries one anyway is none of ours.
    extendVote: () => ({ voteExtension: new Uint8Array(0) }),
    verifyVoteExtension: ({ voteExtension }) => ({ status: voteExtension.length === 0 ? Verdict.accept : Verdict.reject }),
    finalizeBlock,
    commit() {
      if (isPaused) return new Promise(() => {});
      const committed = commit();
      committing = committed.catch(() => {}); // its caller hears it
      return committed;
    },
    async pause() {
      isPaused = true;
      await committing;
    },
  };

  function requireSameBlock(known: Staged, blockHash: Uint8Array): Staged {
    if (equalBytes(known.blockHash, blockHash)) return known;
    const [first, second] = [known.blockHash, blockHash].map(bytesToHex);
    throw new ChainError("StateMismatch", `CometBFT decided ${first} and then ${second} at height ${known.height}; stop the node and ask`);
  }
}

/** Of the next block. */
function rulesOf(ledger: Ledger): BlockRules {
  return { maxBlockBytes: parameters.get(ledger, "current")!.maxBlockBytes, appVersion: ledger.version.number };
}

/** A changed parameter goes with its whole group, which CometBFT replaces as a whole. */
function answerOf(finalized: FinalizedBlock, before: BlockRules, after: BlockRules): ResponseOf<"finalizeBlock"> {
  const block = after.maxBlockBytes === before.maxBlockBytes ? undefined : { maxBytes: after.maxBlockBytes, maxGas: -1 };
  const version = after.appVersion === before.appVersion ? undefined : { app: after.appVersion };
  return {
    txResults: finalized.txResults.map(({ code, data, refusal }) => ({ code, data, log: refusal?.id ?? "", codespace: "" })),
    validatorUpdates: finalized.validatorUpdates.map(({ publicKey, power }) => ({ publicKey: { ed25519: hexToBytes(publicKey)! }, power })),
    consensusParamUpdates: block || version ? { block, version } : undefined,
    appHash: finalized.appHash,
  };
}

/** CometBFT's genesis document was made from ours; another one would be another network. */
function requireFounding(
  { chainId, appState, initialHeight: firstHeight }: RequestOf<"initChain">,
  { ledger, genesis, crypto }: ConsensusOptions,
): void {
  const { genesisHash: given } = JSON.parse(decodeUtf8(appState) ?? "null") as { readonly genesisHash?: unknown };
  // The ledger has compared the document with the state when it opened.
  if (chainId !== ledger.chainId || given !== genesisHash(genesis, crypto) || firstHeight !== initialHeight(genesis)) {
    throw new Error(
      `CometBFT's genesis document is of another network than ${ledger.chainId}; delete the folder that holds it and start again`,
    );
  }
}
