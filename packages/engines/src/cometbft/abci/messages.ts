import { base64Bytes, chainId, flag, hash, hexBytes, int32, int64, text } from "@galen/ledger/block/kinds";
import { type Kind, type Message, many, message, one, openMessage, optional, type ValueOf } from "@galen/ledger/block/message";
import { decodeVarint, encodeVarint } from "@galen/ledger/block/protobuf";
import { Timestamp } from "@galen/ledger/block/timestamp";
import { holdsTooShort } from "./too-short.ts";

// ABCI 2.0 as in cometbft v0.39.4 proto/tendermint/abci/types.proto, which speaks to 0.38 and 0.40 alike. Requests are open: a newer CometBFT may
// say more. Fields that are of no use here are left out.

/** Far above what a block may hold; the frame's limit is what binds. */
const MAX_BYTES = 2 ** 31 - 1;
const MAX_ITEMS = 2 ** 24;
const UINT32_MAX = 2 ** 32 - 1;
const INT32_MAX = 2 ** 31 - 1;
const MAX_TEXT_BYTES = 65_536;
const MAX_VALIDATORS = 10_000;
const MAX_SENDERS = 1_024;

const bytes = base64Bytes(MAX_BYTES);
const words = text(MAX_TEXT_BYTES);
const uint32 = int32(UINT32_MAX);
const address = hexBytes(0, 20);

/**
 * A height as somebody asks for it, which CometBFT passes on unseen: any 64 bits. Beyond what is exact, and as a negative one, it is a number above all
 * heights that there are.
 */
const anyHeight: Kind<number> = { ...int64(), decode: (payload) => Number(decodeVarint(payload)) };

/** A text as somebody asks with it, which CometBFT passes on unseen, however long. What is no Unicode becomes a text that nothing here is called by. */
const anyText: Kind<string> = { ...text(MAX_BYTES), decode: (payload) => new TextDecoder().decode(payload) };

const PublicKey = openMessage({ ed25519: one(1, "ed25519", hexBytes(0, 32)) });

/** A validator's power from now on; 0 removes. Keys are Ed25519. */
export const ValidatorUpdate = openMessage({ publicKey: one(1, "pub_key", PublicKey), power: one(2, "power", int64()) });

const Validator = openMessage({ address: one(1, "address", address), power: one(3, "power", int64()) });
const VoteInfo = openMessage({ validator: one(1, "validator", Validator), blockIdFlag: one(3, "block_id_flag", int32(INT32_MAX)) });
const CommitInfo = openMessage({ round: one(1, "round", int32(INT32_MAX)), votes: many(2, "votes", VoteInfo, MAX_VALIDATORS) });

export const MisbehaviorType = { duplicateVote: 1, lightClientAttack: 2 } as const;

const Misbehavior = openMessage({
  type: one(1, "type", int32(INT32_MAX)),
  validator: one(2, "validator", Validator),
  height: one(3, "height", int64()),
  time: one(4, "time", Timestamp),
  totalVotingPower: one(5, "total_voting_power", int64()),
});

const BlockParams = message({ maxBytes: one(1, "max_bytes", int64(-1)), maxGas: one(2, "max_gas", int64(-1)) });
const VersionParams = message({ app: one(1, "app", int64()) });

/** A group that is there replaces the whole group. */
const ConsensusParams = message({ block: optional(1, "block", BlockParams), version: optional(4, "version", VersionParams) });

const Snapshot = openMessage({
  height: one(1, "height", int64()),
  format: one(2, "format", uint32),
  chunks: one(3, "chunks", uint32),
  hash: one(4, "hash", bytes),
  metadata: one(5, "metadata", bytes),
});
export type Snapshot = ValueOf<typeof Snapshot>;

const txs = (tag: number) => many(tag, "txs", bytes, MAX_ITEMS);

const TXS_TAG = 1;

const Block = openMessage({
  txs: txs(TXS_TAG),
  lastCommit: one(2, "last_commit", CommitInfo),
  misbehavior: many(3, "misbehavior", Misbehavior, MAX_VALIDATORS),
  hash: one(4, "hash", hash),
  height: one(5, "height", int64()),
  time: one(6, "time", Timestamp),
});
type Block = ValueOf<typeof Block>;

/**
 * A block that is proposed. Undefined when a transaction of it is too short for one: of such it could hold so many that to make something of each takes
 * longer than a round.
 */
const ProposedBlock: Kind<Block | undefined> = {
  ...Block,
  decode: (payload) => (holdsTooShort(payload, TXS_TAG) ? undefined : Block.decode(payload)),
};

const TxResult = {
  code: one(1, "code", uint32),
  data: one(2, "data", bytes),
  log: one(3, "log", words),
  codespace: one(8, "codespace", words),
};

/** proto3 writes a list of numbers as one field. It is only ever sent. */
const packedNumbers: Kind<readonly number[]> = {
  wire: 2,
  isScalar: true,
  encode: (numbers) => Uint8Array.from(numbers.flatMap((number) => [...encodeVarint(number)])),
  decode: refuseToRead,
  toJson: (numbers) => numbers,
  fromJson: refuseToRead,
};

export const CheckTxType = { new: 0, recheck: 1 } as const;
export const Verdict = { accept: 1, reject: 2 } as const;
export const OfferResult = { accept: 1, abort: 2, reject: 3, rejectFormat: 4, rejectSender: 5 } as const;
export const ApplyResult = { accept: 1, abort: 2, retry: 3, retrySnapshot: 4, rejectSnapshot: 5 } as const;

/** Every method with its tags in Request and Response. */
export const methods = {
  echo: method(1, 2, openMessage({ message: one(1, "message", anyText) }), message({ message: one(1, "message", anyText) })),
  flush: method(2, 3, openMessage({}), message({})),
  info: method(
    3,
    4,
    openMessage({ version: one(1, "version", words) }),
    message({
      data: one(1, "data", words),
      version: one(2, "version", words),
      appVersion: one(3, "app_version", int64()),
      lastBlockHeight: one(4, "last_block_height", int64()),
      lastBlockAppHash: one(5, "last_block_app_hash", bytes),
    }),
  ),
  initChain: method(
    5,
    6,
    openMessage({
      time: one(1, "time", Timestamp),
      chainId: one(2, "chain_id", chainId),
      validators: many(4, "validators", ValidatorUpdate, MAX_VALIDATORS),
      appState: one(5, "app_state_bytes", bytes),
      initialHeight: one(6, "initial_height", int64()),
    }),
    message({ appHash: one(3, "app_hash", bytes) }),
  ),
  query: method(
    6,
    7,
    openMessage({
      data: one(1, "data", bytes),
      path: one(2, "path", anyText),
      height: one(3, "height", anyHeight),
      prove: one(4, "prove", flag),
    }),
    message({
      code: one(1, "code", uint32),
      log: one(3, "log", words),
      key: one(6, "key", bytes),
      value: one(7, "value", bytes),
      height: one(9, "height", int64()),
      codespace: one(10, "codespace", words),
    }),
  ),
  checkTx: method(8, 9, openMessage({ tx: one(1, "tx", bytes), type: one(2, "type", int32(INT32_MAX)) }), message(TxResult)),
  commit: method(11, 12, openMessage({}), message({ retainHeight: one(3, "retain_height", int64()) })),
  listSnapshots: method(12, 13, openMessage({}), message({ snapshots: many(1, "snapshots", Snapshot, MAX_ITEMS) })),
  offerSnapshot: method(
    13,
    14,
    openMessage({ snapshot: optional(1, "snapshot", Snapshot), appHash: one(2, "app_hash", bytes) }),
    message({ result: one(1, "result", uint32) }),
  ),
  loadSnapshotChunk: method(
    14,
    15,
    openMessage({ height: one(1, "height", anyHeight), format: one(2, "format", uint32), chunk: one(3, "chunk", uint32) }),
    message({ chunk: one(1, "chunk", bytes) }),
  ),
  applySnapshotChunk: method(
    15,
    16,
    openMessage({ index: one(1, "index", uint32), chunk: one(2, "chunk", bytes), sender: one(3, "sender", words) }),
    message({
      result: one(1, "result", uint32),
      refetchChunks: one(2, "refetch_chunks", packedNumbers),
      rejectSenders: many(3, "reject_senders", words, MAX_SENDERS),
    }),
  ),
  prepareProposal: method(
    16,
    17,
    openMessage({ maxTxBytes: one(1, "max_tx_bytes", int64()), txs: txs(2), height: one(5, "height", int64()) }),
    message({ txs: txs(1) }),
  ),
  processProposal: method(17, 18, ProposedBlock, message({ status: one(1, "status", uint32) })),
  extendVote: method(
    18,
    19,
    openMessage({ height: one(2, "height", int64()) }),
    message({ voteExtension: one(1, "vote_extension", bytes) }),
  ),
  verifyVoteExtension: method(
    19,
    20,
    openMessage({ height: one(3, "height", int64()), voteExtension: one(4, "vote_extension", bytes) }),
    message({ status: one(1, "status", uint32) }),
  ),
  finalizeBlock: method(
    20,
    21,
    Block,
    message({
      txResults: many(2, "tx_results", message(TxResult), MAX_ITEMS),
      validatorUpdates: many(3, "validator_updates", ValidatorUpdate, MAX_VALIDATORS),
      consensusParamUpdates: optional(4, "consensus_param_updates", ConsensusParams),
      appHash: one(5, "app_hash", bytes),
    }),
  ),
} as const;

/** What kills CometBFT with a message: for errors of our own, never for a transaction's. */
export const Exception = { tag: 1, message: message({ error: one(1, "error", text(MAX_BYTES)) }) };

export type MethodName = keyof typeof methods;
export type RequestOf<M extends MethodName> = ValueOf<(typeof methods)[M]["request"]>;
export type ResponseOf<M extends MethodName> = ValueOf<(typeof methods)[M]["response"]>;

/** What answers CometBFT: one function per method. What it throws ends the connection, and with it CometBFT. */
export type Application = { readonly [M in MethodName]: (request: RequestOf<M>) => ResponseOf<M> | Promise<ResponseOf<M>> };

function method<Q, R>(requestTag: number, responseTag: number, request: Kind<Q>, response: Message<R>) {
  return { requestTag, responseTag, request, response };
}

function refuseToRead(): never {
  throw new Error("this field is only ever sent");
}
