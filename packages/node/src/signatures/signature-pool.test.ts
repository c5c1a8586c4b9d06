import { once } from "node:events";
import { readdirSync } from "node:fs";
import { getPriority } from "node:os";
import { Worker } from "node:worker_threads";
import { compileVersion } from "@galen/ledger/app/version";
import { bytesToHex } from "@galen/ledger/crypto/hex";
import { signatureWithTorsion, smallOrderEncodings, zip215Accepts } from "@galen/ledger/crypto/testing/zip215";
import { type TestKey, testBytes, testKey, testPasskey } from "@galen/ledger/testing/chain";
import { tallyVersion } from "@galen/ledger/testing/tally-module";
import { type PreparedTransaction, prepareTransaction, verifySignatures } from "@galen/ledger/tx/prepare";
import { encodeTransaction, type Signature, signBytes } from "@galen/ledger/tx/transaction";
import { ed25519 } from "@noble/curves/ed25519.js";
import { p256 } from "@noble/curves/nist.js";
import { afterEach, describe, expect, it } from "vitest";
import { nativeCrypto } from "../crypto/native.ts";
import { createSignaturePool, type SignaturePool, type SignaturePoolOptions } from "./signature-pool.ts";
import { startVerifyThread } from "./verify-thread.ts";

const { codec } = compileVersion(tallyVersion);
const ann = testKey("ann");
const passkey = testPasskey("bea");

function transaction(salt: number, signaturesOver: (message: Uint8Array) => readonly Signature[]): PreparedTransaction {
  const bodyBytes = codec.encodeBody({
    chainId: "pool-test",
    signers: [ann.publicKey],
    expiresAt: 1_700_000_000_000,
    salt: salt.toString(16).padStart(16, "0"),
    messages: [{ type: "tally.add", value: { name: "a", amount: 1, padding: [] } }],
  });
  const bytes = encodeTransaction({ bodyBytes, signatures: signaturesOver(signBytes(bodyBytes)), receipts: [] });
  return prepareTransaction(bytes, codec, nativeCrypto);
}

function sign({ keyType, publicKey, secretKey }: TestKey, message: Uint8Array): Signature {
  const signature = keyType === "ed25519" ? ed25519.sign(message, secretKey) : p256.sign(message, secretKey);
  return { keyType, publicKey, signature: bytesToHex(signature) };
}

/** Another signature: 64 bytes that belong to nothing. */
const forged = (signature: Signature): Signature => ({ ...signature, signature: testBytes("forged", 64) });

const smallOrder = (key: Uint8Array): Signature => ({
  keyType: "ed25519",
  publicKey: bytesToHex(key),
  signature: bytesToHex(smallOrderEncodings[7]!) + "00".repeat(32),
});

function withTorsion(message: Uint8Array): Signature {
  const shift = { key: smallOrderEncodings[10]!, commitment: smallOrderEncodings[5]! };
  const { publicKey, signature } = signatureWithTorsion(message, shift);
  expect(zip215Accepts(publicKey, message, signature)).toBe(true);
  return { keyType: "ed25519", publicKey: bytesToHex(publicKey), signature: bytesToHex(signature) };
}

const cases: readonly (readonly [name: string, signatures: (message: Uint8Array) => readonly Signature[], valid: boolean])[] = [
  ["Ed25519", (message) => [sign(ann, message)], true],
  ["Ed25519, forged", (message) => [forged(sign(ann, message))], false],
  ["Ed25519 over another body", () => [sign(ann, new Uint8Array(40))], false],
  ["P-256", (message) => [sign(passkey, message)], true],
  ["P-256, forged", (message) => [forged(sign(passkey, message))], false],
  ["P-256 key as Ed25519", (message) => [{ ...sign(passkey, message), keyType: "ed25519" }], false],
  ["both", (message) => [sign(ann, message), sign(passkey, message)], true],
  ["the second forged", (message) => [sign(ann, message), forged(sign(passkey, message))], false],
  ["small-order key, s = 0 (ZIP-215 accepts)", () => [smallOrder(smallOrderEncodings[4]!)], true],
  ["small-order non-canonical key (ZIP-215 accepts)", () => [smallOrder(smallOrderEncodings[3]!)], true],
  ["key and commitment with torsion (ZIP-215 accepts)", (message) => [withTorsion(message)], true],
];

/** Every case several times, so that it comes to more than one batch. */
const many = Array.from({ length: 30 }, (_, round) =>
  cases.map(([, signatures, valid], i) => ({ prepared: transaction(round * cases.length + i, signatures), valid })),
).flat();

let opened: SignaturePool[] = [];
afterEach(async () => {
  await Promise.all(opened.map((pool) => pool.close()));
  opened = [];
});

/** A pool and the threads that it has started, with a way to wait until they are ready. */
function openPool(options: SignaturePoolOptions = {}) {
  const threads: Worker[] = [];
  const ready: Promise<unknown>[] = [];
  const startThread = () => {
    const thread = startVerifyThread();
    threads.push(thread);
    ready.push(new Promise((resolve) => thread.once("message", resolve)));
    return thread;
  };
  const pool = createSignaturePool({ startThread, ...options });
  opened.push(pool);
  return { pool, threads, ready };
}

async function expectVerdicts(pool: SignaturePool): Promise<void> {
  const verdicts = await Promise.all(many.map(({ prepared }) => pool.verify(prepared.bytes)));
  expect(verdicts).toEqual(many.map(({ valid }) => valid));
}

describe("verdicts", () => {
  it.each(cases)("%s", async (_name, signatures, valid) => {
    const { pool } = openPool({ workers: 0 });
    const prepared = transaction(1, signatures);
    expect(verifySignatures(prepared.transaction, nativeCrypto)).toBe(valid);
    expect(await pool.verify(prepared.bytes)).toBe(valid);
  });

  it("are the same from threads", async () => {
    const { pool, ready } = openPool({ workers: 2 });
    await Promise.all(ready);
    await expectVerdicts(pool);
  });

  it("are false of bytes that are no transaction, and no thread dies of them", async () => {
    const { pool, threads, ready } = openPool();
    await ready[0];
    const { prepared } = many[0]!;
    const malformed = [new Uint8Array(0), Uint8Array.of(0x83), prepared.bytes.subarray(0, -1), new Uint8Array(70_000).fill(0x83)];
    const verdicts = [...malformed, prepared.bytes].map((bytes) => pool.verify(bytes));
    expect(await Promise.all(verdicts)).toEqual([false, false, false, false, true]);
    expect(threads).toHaveLength(1);
  });

  it("are the same while threads start", async () => {
    await expectVerdicts(openPool().pool);
  });
});

it.runIf(process.platform === "linux")("lets the main thread go before all others", async () => {
  const others = () =>
    readdirSync("/proc/self/task")
      .map(Number)
      .filter((thread) => thread !== process.pid);
  const before = getPriority(process.pid);
  const { ready } = openPool();
  await ready[0];
  const later = others().map((thread) => getPriority(thread));
  expect(getPriority(process.pid)).toBe(before);
  expect(later.length).toBeGreaterThan(1);
  expect(later.every((priority) => priority > before)).toBe(true);
});

describe("a thread that dies", () => {
  it("has its batches verified and is replaced", async () => {
    const { pool, threads, ready } = openPool();
    await ready[0];
    const verdicts = expectVerdicts(pool);
    await new Promise((resolve) => setImmediate(resolve)); // the first batches are with the thread
    await threads[0]!.terminate();
    await verdicts;
    expect(threads).toHaveLength(2);
    await ready[1];
    await expectVerdicts(pool);
  });

  it("is not replaced for ever when it cannot start", async () => {
    let starts = 0;
    const startThread = () => {
      starts += 1;
      const thread = startVerifyThread();
      void thread.terminate();
      return thread;
    };
    const { pool } = openPool({ startThread });
    await expect.poll(() => starts).toBe(3);
    await expectVerdicts(pool);
    expect(starts).toBe(3);
  });
});

describe("limits", () => {
  it("refuses more than may wait, and verifies those that do", async () => {
    const { pool } = openPool({ maxWaiting: 2 });
    const [first, second, third] = many.slice(0, 3).map(({ prepared }) => pool.verify(prepared.bytes));
    await expect(third).rejects.toMatchObject({ kind: { id: "engine/PoolFull" } });
    expect(await Promise.all([first, second])).toEqual([true, false]);
  });

  it("verifies here what a thread that is full has no room for, whatever becomes of the thread", async () => {
    const silent =
      'const { parentPort } = require("node:worker_threads"); parentPort.on("message", () => {}); parentPort.postMessage("ready");';
    const thread = new Worker(silent, { eval: true });
    const pool = createSignaturePool({ startThread: () => thread });
    await once(thread, "message");
    const { prepared, valid } = many[0]!;
    const full = Array.from({ length: 16 * 64 }, () => pool.verify(prepared.bytes));
    const beyond = Array.from({ length: 20 }, () => pool.verify(prepared.bytes));
    expect(await Promise.all(beyond)).toEqual(beyond.map(() => valid));
    await thread.terminate();
    expect(await Promise.all(full)).toEqual(full.map(() => valid));
    await pool.close();
  });

  it("passes on one batch in a turn of the event loop, however many answers have come", async () => {
    const late = `const { parentPort } = require("node:worker_threads");
      let batches = 0;
      parentPort.on("message", () => {
        if (++batches === 16) for (let i = 0; i < 16; i++) parentPort.postMessage(Array(64).fill(true));
      });
      parentPort.postMessage("ready");`;
    const thread = new Worker(late, { eval: true });
    const pool = createSignaturePool({ startThread: () => thread });
    opened.push(pool);
    await once(thread, "message");
    const { prepared } = many[0]!;
    let passed = 0;
    const all = Promise.all(
      Array.from({ length: 16 * 64 }, async () => {
        await pool.verify(prepared.bytes);
        passed += 1;
      }),
    );
    const inTurns: number[] = [];
    for (let before = 0; passed < 16 * 64; before = passed) {
      await new Promise((resolve) => setImmediate(resolve));
      if (passed > before) inTurns.push(passed - before);
    }
    await all;
    expect(inTurns).toEqual(Array(16).fill(64));
  });

  it("leaves to a thread that is ahead of this one what it has no room for yet", async () => {
    // It takes everything for right, so that what is verified here is known by its verdict.
    const hasty = `const { parentPort, workerData: haveAnswered } = require("node:worker_threads");
      let batches = 0;
      parentPort.on("message", () => {
        if (++batches === 16) {
          for (let i = 0; i < 16; i++) parentPort.postMessage(Array(64).fill(true));
          Atomics.store(haveAnswered, 0, 1);
          Atomics.notify(haveAnswered, 0);
        }
        if (batches > 16) parentPort.postMessage(Array(64).fill(true));
      });
      parentPort.postMessage("ready");`;
    const haveAnswered = new Int32Array(new SharedArrayBuffer(4));
    const thread = new Worker(hasty, { eval: true, workerData: haveAnswered });
    const pool = createSignaturePool({ startThread: () => thread });
    opened.push(pool);
    await once(thread, "message");
    const forged = many.find(({ valid }) => !valid)!.prepared.bytes;
    const full = Array.from({ length: 16 * 64 }, () => pool.verify(forged));
    await new Promise((resolve) => setImmediate(resolve));
    // This thread is as busy as with a block until all answers lie there.
    Atomics.wait(haveAnswered, 0, 0, 10_000);
    const beyond = Array.from({ length: 8 * 64 }, () => pool.verify(forged));
    expect(await Promise.all([...full, ...beyond])).toEqual(Array(24 * 64).fill(true));
  });

  it("starts no thread once it is closed, also when one says in that moment that it is ready", async () => {
    const punctual = `const { parentPort, workerData: isSaid } = require("node:worker_threads");
      parentPort.on("message", () => {});
      parentPort.postMessage("ready");
      Atomics.store(isSaid, 0, 1);
      Atomics.notify(isSaid, 0);`;
    const isSaid = new Int32Array(new SharedArrayBuffer(4));
    const threads: Worker[] = [];
    const startThread = () => {
      threads.push(new Worker(punctual, { eval: true, workerData: isSaid }));
      return threads.at(-1)!;
    };
    const pool = createSignaturePool({ startThread });
    // It is said, and not heard yet.
    Atomics.wait(isSaid, 0, 0, 10_000);
    await pool.close();
    expect(threads.map(({ threadId }) => threadId)).toEqual([-1]); // of one that has ended
  });

  it("answers what waits when it is closed", async () => {
    const { pool, ready } = openPool();
    await ready[0];
    const verdicts = expectVerdicts(pool);
    await pool.close();
    await verdicts;
  });
});
