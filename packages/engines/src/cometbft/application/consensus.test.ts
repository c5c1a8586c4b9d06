import { genesisHash } from "@galen/ledger/app/genesis";
import { sizeInBlock } from "@galen/ledger/block/block-size";
import { fromMilliseconds } from "@galen/ledger/block/timestamp";
import { bytesToHex } from "@galen/ledger/crypto/hex";
import { portableCrypto } from "@galen/ledger/crypto/portable";
import { encodeUtf8 } from "@galen/ledger/crypto/utf8";
import type { KeyValueStore } from "@galen/ledger/store/kv";
import { createMemoryStore } from "@galen/ledger/store/memory";
import { testKey } from "@galen/ledger/testing/chain";
import { tallyVersion, totals } from "@galen/ledger/testing/tally-module";
import { describe, expect, it } from "vitest";
import { openChainStore } from "../../chain/chain-store.ts";
import { addTx, GENESIS_TIME, signedTx, testGenesis, validatorKey } from "../../embedded/testing/test-engine.ts";
import { Verdict } from "../abci/messages.ts";
import { decided, openTestConsensus, type TestConsensus } from "../testing/test-consensus.ts";

async function run({ abci }: TestConsensus, height: number, ...txs: readonly Uint8Array[]) {
  const answer = await abci.finalizeBlock(decided(height, txs));
  return { answer, ...(await abci.commit({})) };
}

const founding = (changes: object = {}) => ({
  time: fromMilliseconds(GENESIS_TIME),
  chainId: testGenesis.chainId,
  validators: [],
  appState: encodeUtf8(JSON.stringify({ genesisHash: genesisHash(testGenesis, portableCrypto) }))!,
  initialHeight: 1,
  ...changes,
});

describe("the handshake", () => {
  it("tells of nothing before the first commit, and is founded again as often as CometBFT asks", async () => {
    const { abci, ledger } = await openTestConsensus(createMemoryStore());
    for (let turn = 0; turn < 3; turn++) {
      expect(await abci.info({ version: "0.39.4" })).toMatchObject({
        lastBlockHeight: 0,
        lastBlockAppHash: new Uint8Array(0),
        appVersion: 1,
      });
      expect(await abci.initChain(founding())).toEqual({ appHash: ledger.appHash });
    }
  });

  it.each<[string, object]>([
    ["chain id", { chainId: "another" }],
    ["document", { appState: encodeUtf8('{"genesisHash":"00"}')! }],
    ["document, not even JSON", { appState: encodeUtf8("null")! }],
    ["first height", { initialHeight: 5 }],
  ])("refuses to found another network: its %s", async (_, changes) => {
    const { abci } = await openTestConsensus(createMemoryStore());
    expect(() => abci.initChain(founding(changes))).toThrow();
  });
});

/** A store whose writes a crash may keep from the disk. */
function crashing(kv: KeyValueStore, crash: { isDue: boolean; reachesDisk: boolean }): KeyValueStore {
  return {
    ...kv,
    async write(batch) {
      if (!crash.isDue || crash.reachesDisk) await kv.write(batch);
      if (crash.isDue) throw new Error("the process died");
    },
  };
}

describe("a crash", () => {
  it.each<[string, "executed" | "unwritten" | "written", number]>([
    ["before the commit", "executed", 2],
    ["during the commit, before the disk has it", "unwritten", 2],
    ["during the commit, after the disk has it", "written", 3],
  ])("%s leaves a state that CometBFT leads to the same end", async (_, moment, durableHeight) => {
    const kv = createMemoryStore();
    const txs = [addTx("a", 5), addTx("a", 7)];
    const undisturbed = await openTestConsensus(createMemoryStore());
    const expected = [await run(undisturbed, 1), await run(undisturbed, 2, txs[0]!), await run(undisturbed, 3, txs[1]!)];

    const crash = { isDue: false, reachesDisk: moment === "written" };
    const before = await openTestConsensus(crashing(kv, crash));
    await run(before, 1);
    await run(before, 2, txs[0]!);
    await before.abci.finalizeBlock(decided(3, [txs[1]!]));
    crash.isDue = true;
    if (moment !== "executed") await expect(async () => before.abci.commit({})).rejects.toMatchObject({ code: "WriteFailed" });

    const after = await openTestConsensus(kv);
    const { lastBlockHeight, lastBlockAppHash } = await after.abci.info({ version: "" });
    expect(lastBlockHeight).toBe(durableHeight);
    expect(lastBlockAppHash).toEqual(expected[durableHeight - 1]!.answer.appHash);
    if (durableHeight === 2) expect((await run(after, 3, txs[1]!)).answer).toEqual(expected[2]!.answer);
    expect(totals.get(after.ledger, "a")).toEqual({ total: 12 });
    expect(openChainStore(kv, [tallyVersion]).executedRecord(3, 1)!.txResults).toHaveLength(1);
  });
});

describe("a decided block", () => {
  it("that is handed over again gets the same answer, and is executed once", async () => {
    const test = await openTestConsensus(createMemoryStore());
    await run(test, 1);
    const tx = addTx("a", 5);
    const first = await test.abci.finalizeBlock(decided(2, [tx]));
    expect(await test.abci.finalizeBlock(decided(2, [tx]))).toBe(first);
    expect((await test.abci.info({ version: "" })).lastBlockHeight).toBe(1);
    expect([test.executed, test.committed]).toEqual([[1, 2], [1]]);
    await test.abci.commit({});
    expect(totals.get(test.ledger, "a")).toEqual({ total: 5 });
    expect(test.committed).toEqual([1, 2]);
  });

  it("cannot be exchanged for another at its height", async () => {
    const { abci } = await openTestConsensus(createMemoryStore());
    await abci.finalizeBlock(decided(1));
    await expect(async () => abci.finalizeBlock(decided(1, [], 2))).rejects.toMatchObject({ code: "StateMismatch" });
  });

  it("is not committed any more once the node stops, and nothing is lost", async () => {
    const kv = createMemoryStore();
    const test = await openTestConsensus(kv, { retainHeight: 3 });
    await test.abci.finalizeBlock(decided(1));
    const committed = test.abci.commit({});
    await test.abci.pause();
    expect(test.ledger.durableHeight).toBe(1);
    expect(await committed).toEqual({ retainHeight: 3 });
    await test.abci.finalizeBlock(decided(2));
    expect(await Promise.race([test.abci.commit({}), Promise.resolve("waits")])).toBe("waits");
    expect(test.ledger.durableHeight).toBe(1);
    const after = await openTestConsensus(kv);
    expect(await run(after, 2)).toMatchObject({ retainHeight: 0 });
  });

  it("must follow the last, and be there before it is committed", async () => {
    const { abci } = await openTestConsensus(createMemoryStore());
    await expect(async () => abci.finalizeBlock(decided(2))).rejects.toThrow("does not follow");
    await expect(async () => abci.commit({})).rejects.toThrow("without a block");
  });

  it("may hold anything: what is no transaction is refused in its place", async () => {
    const test = await openTestConsensus(createMemoryStore());
    const { answer } = await run(test, 1, Uint8Array.of(1, 2, 3), addTx("a"), addTx("a", 1_000), new Uint8Array(0));
    expect(answer.txResults.map(({ code }) => code === 0)).toEqual([false, true, false, false]);
  });

  it("on which our own code fails is not answered: the node ends, rather than part from the others", async () => {
    const { abci, ledger } = await openTestConsensus(createMemoryStore());
    ledger.finalizeBlock = () => {
      throw new RangeError("an error of our own");
    };
    await expect(abci.finalizeBlock(decided(1))).rejects.toThrow("an error of our own");
  });

  it("tells CometBFT of changed rules by whole groups, and of changed validators", async () => {
    const test = await openTestConsensus(createMemoryStore());
    const other = testKey("other").publicKey;
    const { answer } = await run(
      test,
      1,
      signedTx("ann", [{ type: "tally.setBlockLimit", value: { maxBlockBytes: 65_536 } }]),
      signedTx("ann", [{ type: "tally.setValidators", value: { validators: [{ publicKey: other, power: 3 }] } }]),
    );
    expect(answer.consensusParamUpdates).toEqual({ block: { maxBytes: 65_536, maxGas: -1 }, version: undefined });
    const updates = answer.validatorUpdates.map(({ publicKey, power }) => [bytesToHex(publicKey.ed25519), power]);
    expect(new Map(updates as [string, number][])).toEqual(
      new Map([
        [other, 3],
        [validatorKey.publicKey, 0],
      ] as [string, number][]),
    );
    expect((await run(test, 2)).answer.consensusParamUpdates).toBeUndefined();
  });
});

describe("a proposal", () => {
  const [a, b] = [addTx("a"), addTx("b")];
  const forged = a.slice();
  forged[forged.length - 40]! ^= 1;

  it.each<[string, readonly Uint8Array[], boolean]>([
    ["of nothing", [], true],
    ["of good transactions", [a, b], true],
    ["that will be refused when it is executed", [addTx("a", 900), addTx("a", 900)], true],
    ["with one twice", [a, b, a], false],
    ["with a forged signature", [b, forged], false],
    ["with an empty transaction", [new Uint8Array(0)], false],
    ["with noise", [Uint8Array.of(0xa0, 1, 2)], false],
  ])("%s is judged by its form alone", async (_, txs, isGood) => {
    const { abci } = await openTestConsensus(createMemoryStore());
    const { status } = await abci.processProposal(decided(1, txs));
    expect(status).toBe(isGood ? Verdict.accept : Verdict.reject);
    expect((await abci.info({ version: "" })).lastBlockHeight).toBe(0);
  });

  it("is made of what every node accepts, in order, within the bytes that CometBFT allows", async () => {
    const { abci } = await openTestConsensus(createMemoryStore());
    const offered = [forged, a, new Uint8Array(0), a, b, addTx("c")];
    const maxTxBytes = sizeInBlock(a) + sizeInBlock(b);
    const { txs } = await abci.prepareProposal({ txs: offered, maxTxBytes, height: 1 });
    expect(txs).toEqual([a, b]);
    expect(await abci.processProposal(decided(1, txs))).toEqual({ status: Verdict.accept });
  });

  it("keeps what has expired, which leaves the mempools by being refused in its block", async () => {
    const test = await openTestConsensus(createMemoryStore());
    await run(test, 1);
    const expired = addTx("a", 1, { expiresAt: GENESIS_TIME + 500 });
    const { txs } = await test.abci.prepareProposal({ txs: [expired, b], maxTxBytes: 100_000, height: 2 });
    expect(txs).toEqual([expired, b]);
    const { answer } = await run(test, 2, ...txs);
    expect(answer.txResults.map(({ log }) => log)).toEqual(["tx/Expired", ""]);
  });

  it("carries no vote extensions", async () => {
    const { abci } = await openTestConsensus(createMemoryStore());
    expect(await abci.extendVote({ height: 1 })).toEqual({ voteExtension: new Uint8Array(0) });
    const verdict = async (bytes: number) => (await abci.verifyVoteExtension({ height: 1, voteExtension: new Uint8Array(bytes) })).status;
    expect([await verdict(0), await verdict(1)]).toEqual([Verdict.accept, Verdict.reject]);
  });
});
