import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { portableCrypto } from "../crypto/portable.ts";
import { Block, evidenceHash } from "./block.ts";
import { partSetHeader } from "./block-id.ts";
import { emptyCommit } from "./commit.ts";
import { dataHash, proveTx, verifyTx } from "./data.ts";
import { proveResult, resultsHash, type TxResult, verifyResult } from "./results.ts";
import { createHeader, createSigners } from "./testing/signed-chain.ts";
import { orderValidators, validatorAddress, validatorFromJson, validatorToJson } from "./validator.ts";

const { sha256 } = portableCrypto;
const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString("hex");
const EMPTY_ROOT = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

describe("empty lists", () => {
  it.each([
    ["transactions", dataHash([], sha256)],
    ["results", resultsHash([], sha256)],
    ["evidence", evidenceHash([], sha256)],
  ])("%s hash to SHA-256 of nothing", (_, hash) => expect(hex(hash)).toBe(EMPTY_ROOT));
});

describe("transactions and results", () => {
  const txs = fc.array(fc.uint8Array({ maxLength: 40 }), { minLength: 1, maxLength: 20 });
  const result: fc.Arbitrary<TxResult> = fc.record({
    code: fc.nat(2 ** 32 - 1),
    data: fc.uint8Array({ maxLength: 32 }),
    gasWanted: fc.maxSafeNat(),
    gasUsed: fc.maxSafeNat(),
  });

  it("each is proven at its place only", () => {
    const check = fc.property(txs, fc.nat(), fc.nat(), (list, a, b) => {
      const [index, other] = [a % list.length, b % list.length];
      const proof = proveTx(list, index, sha256);
      const root = dataHash(list, sha256);
      expect(verifyTx(list[index]!, proof, root, sha256)).toBe(true);
      const isSame = hex(list[index]!) === hex(list[other]!);
      expect(verifyTx(list[other]!, proof, root, sha256)).toBe(isSame);
    });
    fc.assert(check);
  });

  it("a result is proven with each of its four fields", () => {
    const check = fc.property(fc.array(result, { minLength: 1, maxLength: 9 }), fc.nat(), (results, at) => {
      const index = at % results.length;
      const [own, root, proof] = [results[index]!, resultsHash(results, sha256), proveResult(results, index, sha256)];
      expect(verifyResult(own, proof, root, sha256)).toBe(true);
      expect(verifyResult({ ...own, code: own.code ^ 1 }, proof, root, sha256)).toBe(false);
      expect(verifyResult({ ...own, data: Uint8Array.of(...own.data, 0) }, proof, root, sha256)).toBe(false);
      expect(verifyResult({ ...own, gasWanted: own.gasWanted + 1 }, proof, root, sha256)).toBe(false);
      expect(verifyResult({ ...own, gasUsed: own.gasUsed + 1 }, proof, root, sha256)).toBe(false);
      expect(verifyResult(own, { ...proof, total: proof.total * 2 + 1 }, root, sha256)).toBe(false);
    });
    fc.assert(check);
  });

  it("a result is a leaf in CometBFT's encoding", () => {
    const one = { code: 7, data: Uint8Array.of(0xab, 0xcd), gasWanted: 300, gasUsed: 1 };
    const leaf = Uint8Array.from(Buffer.from("00" + "0807" + "1202abcd" + "28ac02" + "3001", "hex"));
    expect(resultsHash([one], sha256)).toEqual(sha256(leaf));
  });
});

describe("blocks", () => {
  it("are cut in parts of 64 KiB and come back from their bytes", () => {
    const header = createHeader(1, createSigners({ a: 1n }));
    const txs = Array.from({ length: 40 }, (_, at) => new Uint8Array(5000).fill(at));
    const block: Block = {
      header,
      data: { txs: [...txs, new Uint8Array(0)] },
      evidence: { evidence: [Uint8Array.of(0x12, 1, 9)] },
      lastCommit: emptyCommit,
    };
    const bytes = Block.encode(block);
    expect(Block.decode(bytes)).toEqual(block);
    expect(partSetHeader(bytes, sha256).total).toBe(Math.ceil(bytes.length / 65_536));
  });

  it.each([
    ["nothing", []],
    ["two at once", [0x0a, 0, 0x12, 0]],
    ["an unknown kind", [0x1a, 0]],
    ["a number", [0x08, 1]],
  ])("evidence of %s is refused", (_, evidence) => {
    expect(() => evidenceHash([Uint8Array.from(evidence)], sha256)).toThrow("one duplicate vote or light client attack");
  });
});

describe("validators", () => {
  it("stand by power, then by address", () => {
    const ordered = createSigners({ a: 1n, b: 5n, c: 1n, d: 2n ** 60n, e: 1n });
    const set = ordered.map(({ publicKey, power }) => ({ publicKey, power }));
    expect(orderValidators(set.toReversed(), sha256)).toEqual(set);
    expect(set.map(({ power }) => power)).toEqual([2n ** 60n, 5n, 1n, 1n, 1n]);
    const addresses = set.slice(2).map(({ publicKey }) => hex(validatorAddress(publicKey, sha256)));
    expect(addresses).toEqual(addresses.toSorted());
  });

  const json = validatorToJson(createSigners({ a: 7n })[0]!, sha256);
  it.each([
    ["nothing", null, "an object is needed"],
    ["no key", { ...json, pub_key: undefined }, "/pub_key: an object"],
    ["another key type", { ...json, pub_key: { ...json.pub_key, type: "tendermint/PubKeySecp256k1" } }, "/pub_key/type: "],
    ["a short key", { ...json, pub_key: { ...json.pub_key, value: "AAAA" } }, "/pub_key/value: 32 bytes"],
    ["no power", { ...json, voting_power: "0" }, "/voting_power: "],
    ["power as a number", { ...json, voting_power: 7 }, "/voting_power: "],
    ["too much power", { ...json, voting_power: "1152921504606846976" }, "/voting_power: "],
  ])("%s is refused", (_, value, message) => {
    expect(() => validatorFromJson(value)).toThrow(message);
  });
});
