import { setImmediate } from "node:timers/promises";
import { openLedger } from "@galen/ledger/app/ledger";
import { bytesToHex } from "@galen/ledger/crypto/hex";
import { portableCrypto } from "@galen/ledger/crypto/portable";
import { createMemoryStore } from "@galen/ledger/store/memory";
import { tallyVersion } from "@galen/ledger/testing/tally-module";
import { describe, expect, it } from "vitest";
import { addTx, GENESIS_TIME, signedTx, testGenesis } from "../../embedded/testing/test-engine.ts";
import { errors } from "../../errors.ts";
import { createAdmission } from "../../pool/admission.ts";
import { createMempool } from "../../pool/mempool.ts";
import { CheckTxType } from "../abci/messages.ts";
import { decided } from "../testing/test-consensus.ts";
import { createCheckTx } from "./check-tx.ts";
import { ledgerBlock } from "./ledger-block.ts";
import { createSignatureCheck } from "./signature-check.ts";

const hashOf = (tx: Uint8Array) => bytesToHex(portableCrypto.sha256(tx));

interface Checks {
  readonly maxTxs?: number;
  readonly verify?: (tx: Uint8Array) => Promise<boolean>;
  /** A transaction on which the ledger's own code fails. */
  readonly isPoison?: (tx: Uint8Array) => boolean;
}

async function openChecks({ maxTxs = 100, verify, isPoison = () => false }: Checks = {}) {
  const ledger = await openLedger({ kv: createMemoryStore(), crypto: portableCrypto, versions: [tallyVersion], genesis: testGenesis });
  const checkSoundly = ledger.checkTx;
  ledger.checkTx = (prepared) => {
    if (isPoison(prepared.bytes)) throw new RangeError("an error of our own");
    return checkSoundly(prepared);
  };
  const reported: unknown[] = [];
  const report = (error: unknown) => void reported.push(error);
  const pool = createMempool({ maxTxs, maxBytes: 1_000_000 });
  const admission = createAdmission({ ledger, pool, sha256: portableCrypto.sha256, maxTxBytes: () => 50_000, report });
  const signatures = createSignatureCheck(ledger, verify);
  const { checkTx } = createCheckTx({ ledger, pool, admission, signatures, sha256: portableCrypto.sha256, report });
  const check = async (tx: Uint8Array, type: number = CheckTxType.new) => (await checkTx({ tx, type })).codespace;
  /** A block with these transactions is executed. */
  const execute = (...txs: readonly Uint8Array[]) => {
    ledger.finalizeBlock(ledgerBlock(decided(ledger.height + 1, txs)));
    admission.renew();
  };
  /** It also becomes durable. */
  const commit = async (...txs: readonly Uint8Array[]) => {
    execute(...txs);
    await ledger.commit();
  };
  return { ledger, pool, check, execute, commit, reported };
}

describe("a transaction that comes in", () => {
  it.each<[string, () => Uint8Array, string]>([
    ["is taken when its dry run succeeds", () => addTx("a"), ""],
    ["is refused when its dry run is", () => addTx("a", 1, { expiresAt: GENESIS_TIME }), "tx/Expired"],
    ["is refused when it is none", () => Uint8Array.of(1, 2, 3), "tx/Malformed"],
    ["is refused when no block could hold it", () => addTx("a", 1, { padding: 60_000 }), "engine/TooLargeForBlock"],
  ])("%s", async (_, tx, refusal) => {
    const { check, pool } = await openChecks();
    expect(await check(tx())).toBe(refusal);
    expect(pool.txs).toBe(refusal === "" ? 1 : 0);
  });

  it("is judged after those that wait, and once", async () => {
    const { check, pool } = await openChecks();
    const first = addTx("a", 900);
    expect(await check(first)).toBe("");
    expect(await check(first)).toBe("");
    expect(await check(addTx("a", 900))).toBe("tally/TooMuch");
    expect(pool.txs).toBe(1);
  });

  it("is judged in its turn, however long others' signatures take", async () => {
    const slow = addTx("a", 900);
    const verdict = Promise.withResolvers<boolean>();
    const { check } = await openChecks({ verify: async (tx) => (tx === slow || hashOf(tx) === hashOf(slow) ? verdict.promise : true) });
    const answers = Promise.all([check(slow), check(addTx("a", 900))]);
    verdict.resolve(true);
    expect(await answers).toEqual(["", "tally/TooMuch"]);
  });

  it("is refused when too many signatures wait, also behind one that takes its time", async () => {
    const slow = addTx("a", 900);
    const verdict = Promise.withResolvers<boolean>();
    const verify = (tx: Uint8Array) => (hashOf(tx) === hashOf(slow) ? verdict.promise : Promise.reject(errors.PoolFull({ waiting: 1 })));
    const { check } = await openChecks({ verify });
    const answers = Promise.all([check(slow), check(addTx("b"))]);
    await setImmediate(); // before it, Node ends the process for a rejection that nobody has heard
    verdict.resolve(true);
    expect(await answers).toEqual(["", "engine/PoolFull"]);
  });

  it("is refused when the pool is full", async () => {
    const { check } = await openChecks({ maxTxs: 1 });
    await check(addTx("a"));
    expect(await check(addTx("b"))).toBe("engine/PoolFull");
  });
});

describe("a transaction on which our own code fails", () => {
  it("is refused and reported, and the next one is judged as if it had not come", async () => {
    const poison = addTx("a", 1);
    const { check, pool, reported } = await openChecks({ isPoison: (tx) => hashOf(tx) === hashOf(poison) });
    expect(await check(poison)).toBe("engine/CheckFailed");
    expect(reported).toMatchObject([{ message: "an error of our own" }]);
    expect(await check(addTx("a", 900))).toBe("");
    expect(pool.txs).toBe(1);
  });

  it("is refused also when its signatures could not be verified", async () => {
    const { check, reported } = await openChecks({ verify: () => Promise.reject(new Error("the thread has ended")) });
    expect(await check(addTx("a"))).toBe("engine/CheckFailed");
    expect(reported).toMatchObject([{ message: "the thread has ended" }]);
  });

  it("only since the last block is given up when it is looked at again, and told so", async () => {
    let hasTurned = false;
    const tx = addTx("a", 10);
    const { check, pool, commit, reported } = await openChecks({ isPoison: (one) => hasTurned && hashOf(one) === hashOf(tx) });
    await check(tx);
    const told = Promise.withResolvers<unknown>();
    pool.get(hashOf(tx))!.waiters.add({ resolve: () => {}, reject: told.resolve });
    await commit(addTx("b", 900));
    hasTurned = true;
    expect(await check(addTx("b", 900))).toBe("tally/TooMuch"); // those that wait run before it is refused
    expect(await check(tx, CheckTxType.recheck)).toBe("engine/CheckFailed");
    expect(await told.promise).toMatchObject({ kind: { id: "engine/Dropped" }, details: { refusal: "engine/CheckFailed" } });
    expect([pool.txs, reported.length]).toEqual([0, 2]);
  });
});

describe("a transaction that waits", () => {
  it("is judged again after a block, and those who wait for it are told when it no longer passes", async () => {
    const { check, pool, commit } = await openChecks();
    const [lucky, unlucky] = [addTx("a", 10), addTx("b", 900)];
    await check(lucky);
    await check(unlucky);
    const told = Promise.withResolvers<unknown>();
    pool.get(hashOf(unlucky))!.waiters.add({ resolve: () => {}, reject: told.resolve });
    await commit(addTx("b", 500));
    expect(await check(lucky, CheckTxType.recheck)).toBe("");
    expect(await check(unlucky, CheckTxType.recheck)).toBe("tally/TooMuch");
    expect(await told.promise).toMatchObject({ kind: { id: "engine/Dropped" }, details: { refusal: "tally/TooMuch" } });
    expect(pool.txs).toBe(1);
  });

  it("may be built upon, also after a block that it is not in", async () => {
    const { check, pool, commit } = await openChecks();
    const take = (amount: number) => signedTx("ann", [{ type: "tally.take", value: { name: "a", amount } }]);
    expect(await check(take(10))).toBe("tally/TooLittle");
    await check(addTx("a", 20));
    await commit(addTx("b"));
    expect(await check(take(15))).toBe("");
    expect(await check(take(15))).toBe("tally/TooLittle");
    await commit(addTx("b"));
    expect(await check(take(15))).toBe("tally/TooLittle"); // the one before waits still
    expect(await check(take(5))).toBe("");
    expect(pool.txs).toBe(3);
  });

  it("may be built upon while a block is executed and not yet durable", async () => {
    const { ledger, check, execute } = await openChecks();
    const take = (amount: number) => signedTx("ann", [{ type: "tally.take", value: { name: "a", amount } }]);
    await check(addTx("a", 20));
    execute(addTx("b"));
    expect(await check(take(15))).toBe("");
    await ledger.commit();
    expect(await check(take(15))).toBe("tally/TooLittle");
    expect(await check(take(5))).toBe("");
  });

  it("is not taken again once it was executed", async () => {
    const { check, commit } = await openChecks();
    const tx = addTx("a");
    await commit(tx);
    expect(await check(tx)).toBe("tx/Replayed");
  });
});
