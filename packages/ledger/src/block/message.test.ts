import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { SchemaError } from "../schema/schema-error.ts";
import { BlockId, zeroBlockId } from "./block-id.ts";
import { absentCommitSig, Commit, CommitSig, emptyCommit } from "./commit.ts";
import { decodeVarint, encodeVarint } from "./protobuf.ts";

const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString("hex");
const bytes = (text: string) => new Uint8Array(Buffer.from(text.replaceAll(" ", ""), "hex"));
const hash = (byte: number) => new Uint8Array(32).fill(byte);

const blockId: BlockId = { hash: hash(1), parts: { total: 1, hash: hash(2) } };
const vote: CommitSig = {
  blockIdFlag: 2,
  validatorAddress: new Uint8Array(20),
  timestamp: { seconds: 5, nanos: 6 },
  signature: new Uint8Array(64),
};
const commit: Commit = { height: 7, round: 1, blockId, signatures: [vote, absentCommitSig] };

describe("canonical protobuf", () => {
  it("writes what gogoproto writes for empty messages", () => {
    expect(hex(BlockId.encode(zeroBlockId))).toBe("1200");
    expect(hex(Commit.encode(emptyCommit))).toBe("1a021200");
    expect(hex(CommitSig.encode(absentCommitSig))).toBe("08011a0b088092b8c398feffffff01");
  });

  it("reads what it wrote", () => {
    expect(Commit.decode(Commit.encode(commit))).toEqual(commit);
    expect(Commit.fromJson(Commit.toJson(commit))).toEqual(commit);
  });

  const idTail = `1224 0801 1220 ${"02".repeat(32)}`;
  it.each([
    ["a field twice", `0a20${"01".repeat(32)} 0a20${"01".repeat(32)} ${idTail}`, "/hash: given twice"],
    ["fields out of order", `${idTail} 0a20${"01".repeat(32)}`, "field 1 stands after field 2"],
    ["an unknown field", `${idTail} 1801`, "unknown field 3"],
    ["another wire type", "0801 1200", "unknown field 1"],
    ["a group", "0b 0c", "wire type 3"],
    ["a written default", `0a00 ${idTail}`, "/hash: zero is not written"],
    ["a missing message", `0a20${"01".repeat(32)}`, "/parts: missing"],
    ["a long varint", `0aa000${"01".repeat(32)} ${idTail}`, "varint is not minimal"],
    ["an endless varint", `0a${"80".repeat(11)}`, "cut short"],
    ["too large a varint", "12 0b 08 ffffffffffffffffff 02", "varint beyond 64 bits"],
    ["a short hash", `0a02 0101 ${idTail}`, "/hash: 0 or 32 bytes"],
    ["a cut", `0a20 ${"01".repeat(31)}`, "cut short"],
    ["too large a number", `1228 08ffffffff1f 1220 ${"02".repeat(32)}`, "/parts/total: an integer"],
  ])("refuses %s", (_, text, message) => {
    expect(() => BlockId.decode(bytes(text))).toThrow(message);
  });

  it("has one byte form per value: whatever is accepted encodes to itself", () => {
    const encoded = Commit.encode(commit);
    const mutation = fc.array(fc.tuple(fc.nat(encoded.length - 1), fc.nat(255)), { minLength: 1, maxLength: 3 });
    const check = fc.property(mutation, fc.nat(encoded.length), (changes, end) => {
      const altered = encoded.slice(0, end % 3 === 0 ? end : undefined);
      for (const [at, byte] of changes) if (at < altered.length) altered[at] = byte;
      try {
        expect(hex(Commit.encode(Commit.decode(altered)))).toBe(hex(altered));
      } catch (error) {
        if (!(error instanceof SchemaError)) throw error;
      }
    });
    fc.assert(check, { numRuns: 3000 });
  });

  it("carries every 64-bit varint", () => {
    fc.assert(fc.property(fc.bigInt(0n, 2n ** 64n - 1n), (value) => decodeVarint(encodeVarint(value)) === value));
  });
});

describe("JSON", () => {
  const json = Commit.toJson(commit) as Record<string, unknown>;
  const [sig] = json.signatures as Record<string, unknown>[];
  it.each([
    ["nothing", undefined, "an object is needed"],
    ["a list", [], "an object is needed"],
    ["a number for a height", { ...json, height: 7 }, "/height: an integer as text"],
    ["a float", { ...json, height: "7.0" }, "/height: an integer as text"],
    ["an unsafe integer", { ...json, height: "9007199254740993" }, "/height: an integer from"],
    ["a text for a round", { ...json, round: "1" }, "/round: an integer"],
    ["a missing block id", { ...json, block_id: undefined }, "/block_id: an object"],
    ["a commit for no block", { ...json, block_id: null }, "/block_id: a commit names a block"],
    ["no signatures", { ...json, signatures: [] }, "/signatures: a commit has signatures"],
    ["an unknown flag", { ...json, signatures: [{ ...sig, block_id_flag: 4 }] }, "/signatures/0/block_id_flag: an integer"],
    ["no flag", { ...json, signatures: [{ ...sig, block_id_flag: 0 }] }, "/signatures/0: flag 1 stands alone"],
    ["an absent vote with an address", { ...json, signatures: [{ ...sig, block_id_flag: 1 }] }, "/signatures/0: flag 1 stands alone"],
    ["a vote without a signature", { ...json, signatures: [{ ...sig, signature: null }] }, "/signatures/0: flag 1 stands alone"],
    ["a vote without an address", { ...json, signatures: [{ ...sig, validator_address: "" }] }, "/signatures/0: flag 1 stands alone"],
    ["bad hexadecimal", { ...json, signatures: [{ ...sig, validator_address: "zz" }] }, "/signatures/0/validator_address: 0 or 20 bytes"],
  ])("refuses %s", (_, value, message) => {
    expect(() => Commit.fromJson(value)).toThrow(message);
  });
});
