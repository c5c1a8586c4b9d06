import { type BlockRules, consensusParamsJson } from "@galen/engines/chain/consensus-params";
import { type Genesis, initialHeight } from "@galen/ledger/app/genesis";
import { Block } from "@galen/ledger/block/block";
import { BlockId } from "@galen/ledger/block/block-id";
import { BLOCK_PROTOCOL } from "@galen/ledger/block/header";
import { formatTimestamp, fromMilliseconds } from "@galen/ledger/block/timestamp";
import { validatorAddress } from "@galen/ledger/block/validator";
import { encodeStateProof } from "@galen/ledger/store/proof";
import { MAX_STATE_KEY_LENGTH, stateKeyBytes } from "@galen/ledger/store/state-hash";
import type { Backend } from "../backend.ts";
import { admitTransaction } from "../http/admit-transaction.ts";
import { signedHeaderJson, validatorsJson } from "../http/json.ts";
import { SOFTWARE } from "../software.ts";
import { RpcError } from "./rpc-error.ts";

/** Parameters as they came: JSON values of a POST, texts of a GET. */
export type Params = Readonly<Record<string, unknown>>;

/** One method of CometBFT's RPC (0.38 to 0.40). Throws RpcError. */
export type Method = (backend: Backend, params: Params) => unknown;

const base64 = (bytes: Uint8Array) => Buffer.from(bytes).toString("base64");
const upperHex = (bytes: Uint8Array) => Buffer.from(bytes).toString("hex").toUpperCase();

/** The part of CometBFT's RPC that light clients, explorers and wallets use. Numbers of 64 bits are decimal text, as there. */
export const methods: Readonly<Record<string, Method>> = {
  health: () => ({}),
  status,
  genesis: (backend) => ({ genesis: genesisJson(backend) }),
  commit: ({ engine }, params) => ({ signed_header: signedHeaderJson(requireSigned(engine, params)), canonical: true }),
  block,
  validators,
  consensus_params(backend, params) {
    const height = heightOf(backend.engine, params);
    return { block_height: String(height), consensus_params: consensusParamsJson(rulesOf(backend, height)) };
  },
  abci_info: ({ engine, ledger }) => {
    const { height, appHash } = engine.status();
    return {
      response: {
        version: SOFTWARE,
        app_version: String(ledger.version.number),
        last_block_height: String(height),
        last_block_app_hash: base64(appHash),
      },
    };
  },
  abci_query: abciQuery,
  broadcast_tx_sync: broadcast,
  broadcast_tx_async: broadcast,
};

async function status(backend: Backend) {
  const { engine, validator } = backend;
  const { chainId, height, header, blockHash, appHash } = engine.status();
  const own = await ownValidatorJson(backend, Math.max(height, 1));
  const { earliestHeight } = engine.status();
  const first = engine.commit(earliestHeight);
  return {
    node_info: {
      protocol_version: { p2p: "0", block: String(BLOCK_PROTOCOL), app: String(backend.ledger.version.number) },
      id: own.address.toLowerCase(),
      listen_addr: "",
      network: chainId,
      version: SOFTWARE,
      channels: "",
      moniker: "galen",
      other: { tx_index: "on", rpc_address: "" },
    },
    sync_info: {
      latest_block_hash: upperHex(blockHash),
      latest_app_hash: upperHex(appHash),
      latest_block_height: String(height),
      latest_block_time: formatTimestamp(header?.time ?? fromMilliseconds(backend.genesis.genesisTime)),
      earliest_block_hash: upperHex(first?.commit.blockId.hash ?? new Uint8Array(0)),
      earliest_app_hash: upperHex(first?.header.appHash ?? new Uint8Array(0)),
      earliest_block_height: String(earliestHeight),
      earliest_block_time: formatTimestamp(first?.header.time ?? fromMilliseconds(backend.genesis.genesisTime)),
      catching_up: false,
    },
    validator_info: {
      address: own.address,
      pub_key: { type: "tendermint/PubKeyEd25519", value: base64(validator.publicKey) },
      voting_power: own.voting_power,
    },
  };
}

/** This node in the set of a height; without power where it is no validator there, as CometBFT tells it. */
async function ownValidatorJson(backend: Backend, height: number) {
  const { publicKey } = backend.validator;
  const address = upperHex(validatorAddress(publicKey, backend.crypto.sha256));
  const set = await validatorsJson(backend, height);
  return set.find((validator) => validator.address === address) ?? { address, voting_power: "0" };
}

function block({ engine }: Backend, params: Params) {
  const found = requireSigned(engine, params);
  return { block_id: BlockId.toJson(found.commit.blockId), block: Block.toJson(engine.block(found.header.height)!) };
}

async function validators(backend: Backend, params: Params) {
  const height = heightOf(backend.engine, params);
  const set = withPriorities(await validatorsJson(backend, height), await backend.engine.proposerPriorities(height));
  const [page, perPage] = [integerOf(params, "page") ?? 1, Math.min(integerOf(params, "per_page") || 30, 100)];
  if (page < 1 || (page - 1) * perPage >= set.length) throw new RpcError("page should be within the range of the set");
  const shown = set.slice((page - 1) * perPage, page * perPage);
  return { block_height: String(height), validators: shown, count: String(shown.length), total: String(set.length) };
}

type ValidatorsJson = Awaited<ReturnType<typeof validatorsJson>>;

/** A node that begins from a snapshot takes the turns of proposers from here: with others it would refuse its peers' blocks. */
function withPriorities(set: ValidatorsJson, priorities: readonly bigint[] | undefined): ValidatorsJson {
  return set.map((validator, at) => ({ ...validator, proposer_priority: String(priorities?.[at] ?? validator.proposer_priority) }));
}

/** Reads the state by key: `path` /state, `data` the key's bytes in hexadecimal. The proof is Galen's own (docs/reference). */
function abciQuery({ ledger }: Backend, params: Params) {
  if (params.path !== "/state") throw new RpcError('path must be "/state", data the state key');
  const key = bytesOf(params, "data", "hex");
  if (!stateKeyBytes(key.toString("latin1"))) throw new RpcError(`data must be 1 to ${MAX_STATE_KEY_LENGTH} characters of printable ASCII`);
  const { height, value, proof } = ledger.prove(key.toString("latin1"));
  const ops = [{ type: "galen:state", key: base64(key), data: base64(encodeStateProof(proof)) }];
  const response = {
    code: 0,
    log: "",
    info: "",
    index: "0",
    key: base64(key),
    value: value ? base64(value) : null,
    proofOps: { ops },
    height: String(height),
    codespace: "",
  };
  return { response };
}

async function broadcast(backend: Backend, params: Params) {
  const { txHash, result } = await admitTransaction(backend, bytesOf(params, "tx", "base64"));
  const { refusal } = result;
  return {
    code: result.code,
    data: "",
    log: refusal?.sentence ?? "",
    codespace: refusal?.id.split("/")[0] ?? "",
    hash: txHash.toUpperCase(),
  };
}

function genesisJson({ genesis, crypto }: Backend) {
  const validatorSet = genesis.validators.map(({ publicKey, power }) => {
    const key = Buffer.from(publicKey, "hex");
    const address = upperHex(crypto.sha256(key).subarray(0, 20));
    return { address, pub_key: { type: "tendermint/PubKeyEd25519", value: base64(key) }, power: String(power), name: "" };
  });
  return {
    genesis_time: formatTimestamp(fromMilliseconds(genesis.genesisTime)),
    chain_id: genesis.chainId,
    initial_height: String(initialHeight(genesis)),
    consensus_params: consensusParamsJson(foundingRules(genesis)),
    validators: validatorSet,
    app_hash: "",
    app_state: genesis,
  };
}

/** What governed the block at a height. A node that begins from a snapshot goes on with what its next block needs, whatever has been decided since. */
function rulesOf({ genesis, store }: Backend, height: number): BlockRules {
  if (height === initialHeight(genesis)) return foundingRules(genesis);
  const before = store.record(height - 1);
  if (!before) throw new RpcError(`no block ${height - 1} is held, which left the parameters of block ${height}`);
  return before;
}

function foundingRules({ parameters, version }: Genesis): BlockRules {
  return { maxBlockBytes: parameters.maxBlockBytes, appVersion: version };
}

function requireSigned(engine: Backend["engine"], params: Params) {
  const height = heightOf(engine, params);
  const signed = engine.commit(height);
  if (!signed) throw new RpcError(`no block ${height} is held`);
  return signed;
}

function heightOf(engine: Backend["engine"], params: Params): number {
  const tip = engine.status().height;
  const height = integerOf(params, "height") ?? tip;
  if (height < 1) throw new RpcError("height must be greater than 0");
  if (height > tip) throw new RpcError(`height ${height} must be less than or equal to the current blockchain height ${tip}`);
  return height;
}

/** Go's JSON writes 64-bit integers as text; URLs may put them in quotation marks. */
function integerOf(params: Params, name: string): number | undefined {
  const value = params[name];
  if (value === undefined || value === null || value === "") return undefined;
  const text = typeof value === "number" ? String(value) : unquoted(value);
  if (text === undefined || !/^[0-9]{1,15}$/.test(text)) throw new RpcError(`${name} must be a decimal number`);
  return Number(text);
}

function bytesOf(params: Params, name: string, encoding: "hex" | "base64"): Buffer {
  const value = params[name];
  const text = unquoted(value) ?? "";
  const [digits, form] = text.startsWith("0x") ? [text.slice(2), "hex" as const] : [text, encoding];
  const bytes = Buffer.from(digits, form);
  // Buffer stops at what it cannot read, and would take the beginning for the whole.
  const isWhole = form === "hex" ? bytes.length * 2 === digits.length : bytes.toString("base64") === digits;
  if (bytes.length === 0 || !isWhole) throw new RpcError(`${name} must be bytes in ${encoding}`);
  return bytes;
}

function unquoted(value: unknown): string | undefined {
  return typeof value === "string" ? value.replace(/^"(.*)"$/s, "$1") : undefined;
}
