import { describe, expect, it } from "vitest";
import { portableCrypto } from "../crypto/portable.ts";
import { outsideData } from "../testing/outside-data.ts";
import { Block, blockFault, blockId } from "./block.ts";
import { BlockId, type PartSetHeader } from "./block-id.ts";
import { Commit, commitHash } from "./commit.ts";
import { verifyTx } from "./data.ts";
import { Header, headerHash } from "./header.ts";
import { consensusHash } from "./params.ts";
import { parseTimestamp } from "./timestamp.ts";
import { orderValidators, type Validator, validatorAddress, validatorFromJson, validatorsHash, validatorToJson } from "./validator.ts";
import { commitFault } from "./verify-commit.ts";

const { sha256 } = portableCrypto;
const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString("hex").toUpperCase();
const fromBase64 = (text: string) => new Uint8Array(Buffer.from(text, "base64"));
const hashOf = (text: string) => sha256(new TextEncoder().encode(text));

interface Reply<T> {
  result: T;
}
interface CommitReply {
  signed_header: { header: Record<string, string>; commit: { block_id: { hash: string } } };
}

function rpc<T>(path: string): T | undefined {
  return outsideData<Reply<T>>(`cometbft/${path}`)?.result;
}

describe("header hash", () => {
  // cometbft types/block_test.go TestHeaderHash
  it("is the one of CometBFT's own test", () => {
    const header: Header = {
      version: { block: 1, app: 2 },
      chainId: "chainId",
      height: 3,
      time: parseTimestamp("2019-10-13T16:14:44Z"),
      lastBlockId: { hash: new Uint8Array(32), parts: { total: 6, hash: new Uint8Array(32) } },
      lastCommitHash: hashOf("last_commit_hash"),
      dataHash: hashOf("data_hash"),
      validatorsHash: hashOf("validators_hash"),
      nextValidatorsHash: hashOf("next_validators_hash"),
      consensusHash: hashOf("consensus_hash"),
      appHash: hashOf("app_hash"),
      lastResultsHash: hashOf("last_results_hash"),
      evidenceHash: hashOf("evidence_hash"),
      proposerAddress: hashOf("proposer_address").slice(0, 20),
    };
    expect(hex(headerHash(header, sha256))).toBe("F740121F553B5418C3EFBD343C2DBFE9E007BB67B0D020A0741374BAB65242A4");
  });

  const known = outsideData("cometbft/serialization/header_with_known_hash.json");
  it.skipIf(!known)("is the one of tendermint-rs", () => {
    const header = Header.fromJson(known);
    expect(hex(headerHash(header, sha256))).toBe("F30A71F2409FB15AACAEDB6CC122DFA2525BEE9CAE521721B06BFDCA291B8D56");
  });

  const older = outsideData<Record<string, unknown>>("cometbft/serialization/header.json");
  it.skipIf(!older)("reads the names of tendermint-rs and writes those of the RPC", () => {
    const header = Header.fromJson(older);
    const { num_txs: _txs, total_txs: _total, last_block_id: id, ...rest } = older!;
    const { hash, part_set_header: parts } = id as Record<string, unknown>;
    expect(Header.toJson(header)).toEqual({ ...rest, last_block_id: { hash, parts } });
    expect(Header.decode(Header.encode(header))).toEqual(header);
  });
});

const signedHeaders = ["celestia-mocha-4/3000", "celestia-mocha-4/3001", "celestia-mocha-4/3100", "rpc-0.38"].map((folder) => {
  const reply = rpc<CommitReply>(folder === "rpc-0.38" ? "rpc-0.38/commit_at_height_10.json" : `${folder}/commit.json`);
  const listed = rpc<{ validators: unknown[] }>(`${folder}/validators_1.json`)?.validators.map(validatorFromJson);
  return { folder, reply, validators: listed ?? genesisValidators() };
});

function genesisValidators(): Validator[] {
  const genesis = rpc<{ genesis: { validators: { pub_key: unknown; power: string }[] } }>("rpc-0.38/genesis.json")?.genesis;
  return (genesis?.validators ?? []).map(({ pub_key, power }) => validatorFromJson({ pub_key, voting_power: power }));
}

describe.skipIf(signedHeaders.some(({ reply }) => !reply))("real signed headers", () => {
  it.each(signedHeaders)("$folder", ({ reply, validators }) => {
    const json = reply!.signed_header;
    const [header, commit] = [Header.fromJson(json.header), Commit.fromJson(json.commit)];
    expect(Header.toJson(header)).toEqual(json.header);
    expect(Commit.toJson(commit)).toEqual(json.commit);
    expect(Header.decode(Header.encode(header))).toEqual(header);
    expect(hex(headerHash(header, sha256))).toBe(json.commit.block_id.hash);
    expect(hex(validatorsHash(validators, sha256))).toBe(json.header.validators_hash);
    expect(orderValidators(validators, sha256)).toEqual(validators);
    expect(hex(validatorAddress(validators[0]!.publicKey, sha256))).toBe(json.header.proposer_address);
    expect(validators.map((validator) => validatorFromJson(validatorToJson(validator, sha256)))).toEqual(validators);
    expect(commitFault(header.chainId, commit, validators, portableCrypto)).toBeUndefined();
  });

  it("a header names the commit before it", () => {
    const [before, after] = signedHeaders.map(({ reply }) => reply?.signed_header);
    expect(hex(commitHash(Commit.fromJson(before!.commit), sha256))).toBe(after!.header.last_commit_hash);
  });
});

const block10 = rpc<{ block: { header: Record<string, string> }; block_id: unknown }>("rpc-0.38/block_at_height_10.json");
describe.skipIf(!block10)("a real block", () => {
  const block = block10 && Block.fromJson(block10.block);
  it("has the bytes that its id names", () => {
    const bytes = Block.encode(block!);
    expect(bytes.length).toBe(569);
    expect(BlockId.toJson(blockId(block!.header, bytes, sha256))).toEqual(block10!.block_id);
    expect(Block.decode(bytes)).toEqual(block);
    expect(Block.toJson(block!)).toEqual(block10!.block);
  });

  it("holds together, and shows what was altered", () => {
    const { lastCommit, data } = block!;
    expect(blockFault(block!, sha256)).toBeUndefined();
    expect(blockFault({ ...block!, data: { txs: [Uint8Array.of(1), ...data.txs] } }, sha256)).toBe("data");
    expect(blockFault({ ...block!, lastCommit: { ...lastCommit, signatures: [] } }, sha256)).toBe("last-commit");
    expect(blockFault({ ...block!, evidence: { evidence: [Uint8Array.of(0x0a, 0)] } }, sha256)).toBe("evidence");
  });
});

const chain = rpc<{ block_metas: { block_id: { hash: string; parts: PartSetHeader }; header: Record<string, unknown> }[] }>(
  "rpc-0.38/blockchain_from_1_to_10.json",
);
it.skipIf(!chain)("ten real headers link to each other", () => {
  const metas = chain!.block_metas.toReversed();
  for (const [at, { block_id, header }] of metas.entries()) {
    expect(hex(headerHash(Header.fromJson(header), sha256))).toBe(block_id.hash);
    if (at > 0) expect(header.last_block_id).toEqual(metas[at - 1]!.block_id);
  }
});

it.skipIf(!block10)("the consensus parameters of genesis give the header's hash", () => {
  const params = { maxBytes: 22_020_096, maxGas: -1 };
  expect(hex(consensusHash(params, sha256))).toBe(block10!.block.header.consensus_hash);
});

interface TxReply {
  tx: string;
  proof: { root_hash: string; proof: { index: string; total: string; aunts: string[] } };
}
const proven = rpc<{ txs: TxReply[] }>("rpc-0.38/tx_search_with_prove.json");
describe.skipIf(!proven)("real transaction proofs", () => {
  it.each(proven?.txs ?? [])("$tx", ({ tx, proof: { root_hash, proof } }) => {
    const inclusion = { index: Number(proof.index), total: Number(proof.total), aunts: proof.aunts.map(fromBase64) };
    const root = new Uint8Array(Buffer.from(root_hash, "hex"));
    expect(verifyTx(fromBase64(tx), inclusion, root, sha256)).toBe(true);
    expect(verifyTx(fromBase64(`AA${tx}`), inclusion, root, sha256)).toBe(false);
  });
});
