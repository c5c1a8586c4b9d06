import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { bytesToHex, hexToBytes } from "../crypto/hex.ts";
import { portableCrypto } from "../crypto/portable.ts";
import { Block, evidenceHash } from "./block.ts";
import { convictions, Evidence } from "./evidence.ts";
import { formatTimestamp } from "./timestamp.ts";

const HASH = "AB".repeat(32);
const ADDRESS = "0123456789ABCDEF0123456789ABCDEF01234567";
const SIGNATURE = Buffer.alloc(64, 7).toString("base64");
const KEY = { type: "tendermint/PubKeyEd25519", value: Buffer.alloc(32, 9).toString("base64") };
const TIME = "2026-03-04T05:06:07.000000008Z";
const blockId = (hash: string) => ({ hash, parts: { total: 1, hash } });

const vote = (hash: string) => ({
  type: 2,
  height: "12",
  round: 0,
  block_id: blockId(hash),
  timestamp: TIME,
  validator_address: ADDRESS,
  validator_index: 3,
  signature: SIGNATURE,
  extension: null,
  extension_signature: null,
});

// The forms in which CometBFT's RPC `block` shows evidence (types/evidence.go, cmtjson).
const duplicateVote = {
  type: "tendermint/DuplicateVoteEvidence",
  value: { vote_a: vote(HASH), vote_b: vote("CD".repeat(32)), TotalVotingPower: "40", ValidatorPower: "10", Timestamp: TIME },
};
const validator = { address: ADDRESS, pub_key: KEY, voting_power: "10", proposer_priority: "-15" };
const lightClientAttack = {
  type: "tendermint/LightClientAttackEvidence",
  value: {
    ConflictingBlock: {
      signed_header: {
        header: {
          version: { block: "11", app: "1" },
          chain_id: "c",
          height: "13",
          time: TIME,
          last_block_id: blockId(HASH),
          ...Object.fromEntries(
            ["last_commit", "data", "validators", "next_validators", "consensus", "app", "last_results", "evidence"].map((name) => [
              `${name}_hash`,
              HASH,
            ]),
          ),
          proposer_address: ADDRESS,
        },
        commit: {
          height: "13",
          round: 0,
          block_id: blockId(HASH),
          signatures: [{ block_id_flag: 2, validator_address: ADDRESS, timestamp: TIME, signature: SIGNATURE }],
        },
      },
      validator_set: { validators: [validator], proposer: validator },
    },
    CommonHeight: "5",
    ByzantineValidators: [validator],
    TotalVotingPower: "40",
    Timestamp: TIME,
  },
};

describe("evidence", () => {
  it.each<[string, unknown, object]>([
    ["of a duplicate vote", duplicateVote, { kind: "duplicateVote", height: 12 }],
    ["of a light client attack", lightClientAttack, { kind: "lightClientAttack", height: 5 }],
  ])("%s says who is convicted of what, in every form", (_, json, conviction) => {
    const bytes = Evidence.fromJson(json);
    expect(convictions(bytes)).toMatchObject([{ ...conviction, power: 10, totalPower: 40 }]);
    const [{ address, time } = { address: new Uint8Array(), time: undefined }] = convictions(bytes);
    expect([bytesToHex(address).toUpperCase(), formatTimestamp(time!)]).toEqual([ADDRESS, TIME]);
    expect(Evidence.fromJson(Evidence.toJson(bytes))).toEqual(bytes);
    expect(evidenceHash([bytes], portableCrypto.sha256)).toHaveLength(32);
  });

  it.each<[string, unknown]>([
    ["of an unknown kind", { type: "tendermint/Other", value: duplicateVote.value }],
    ["without a vote", { ...duplicateVote, value: { ...duplicateVote.value, vote_b: undefined } }],
    ["that is none", null],
  ])("%s is refused", (_, json) => {
    expect(() => Evidence.fromJson(json)).toThrow();
  });

  it("stands in a block's JSON as CometBFT writes it", () => {
    const evidence = Block.fields.find(([key]) => key === "evidence")![1];
    expect(evidence.toJson(evidence.fromJson({ evidence: [duplicateVote] }))).toMatchObject({
      evidence: [{ type: duplicateVote.type, value: { ValidatorPower: "10", vote_a: { height: "12", block_id: { hash: HASH } } } }],
    });
  });

  // As far from the usual as CometBFT 0.39.4 takes evidence, made by e2e/judges/comet-light/evidence with its own code.
  it("that one validator made to be as odd as it may be reads in CometBFT's protobuf and JSON alike, with its hash", () => {
    const file = new URL("testing/comet-evidence.json", import.meta.url);
    const odd = JSON.parse(readFileSync(file, "utf8")) as { json: unknown; evidenceHash: string; bytes: string };
    const list = Block.fields.find(([key]) => key === "evidence")![1];
    const read = list.fromPayloads([hexToBytes(odd.bytes)!]) as Block["evidence"];
    expect(list.fromJson(odd.json)).toEqual(read);
    expect(list.toJson(read)).toEqual(odd.json);
    expect(bytesToHex(evidenceHash(read.evidence, portableCrypto.sha256))).toBe(odd.evidenceHash);
    expect(read.evidence.flatMap(convictions)).toMatchObject([{ kind: "duplicateVote" }, { kind: "duplicateVote" }]);
  });

  it("of an older release, whose votes have no extension, reads the same", () => {
    const withoutExtension = (name: string, value: unknown) => (name.startsWith("extension") ? undefined : value);
    const older: unknown = JSON.parse(JSON.stringify(duplicateVote, withoutExtension));
    expect(Evidence.fromJson(older)).toEqual(Evidence.fromJson(duplicateVote));
  });
});
