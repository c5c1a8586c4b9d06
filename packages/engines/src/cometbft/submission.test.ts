import { openLedger } from "@galen/ledger/app/ledger";
import { Refusal } from "@galen/ledger/app/refusal";
import { bytesToHex } from "@galen/ledger/crypto/hex";
import { portableCrypto } from "@galen/ledger/crypto/portable";
import { createMemoryStore } from "@galen/ledger/store/memory";
import { tallyVersion } from "@galen/ledger/testing/tally-module";
import { describe, expect, it } from "vitest";
import { addTx, GENESIS_TIME, signedTx, testGenesis } from "../embedded/testing/test-engine.ts";
import { createAdmission } from "../pool/admission.ts";
import { createMempool } from "../pool/mempool.ts";
import { createSignatureCheck } from "./application/signature-check.ts";
import { CometRpcError } from "./rpc/comet-rpc.ts";
import { createSubmission } from "./submission.ts";

const { sha256 } = portableCrypto;
const hashOf = (tx: Uint8Array) => bytesToHex(sha256(tx));

const full = () => Promise.reject(new CometRpcError("broadcast_tx_async", "mempool is full: number of txs 5"));
const taken = () => Promise.resolve({});
const silent = () => Promise.reject(new Error("CometBFT does not answer"));

/** The door of a node whose CometBFT answers each hand-over as the next of `answers` says, and takes all after those. */
async function openDoor(...answers: (() => Promise<unknown>)[]) {
  const ledger = await openLedger({ kv: createMemoryStore(), crypto: portableCrypto, versions: [tallyVersion], genesis: testGenesis });
  const pool = createMempool({ maxTxs: 100, maxBytes: 1_000_000 });
  const report = () => expect.unreachable();
  const admission = createAdmission({ ledger, pool, sha256, maxTxBytes: () => 50_000, report });
  const handedOver: string[] = [];
  const submit = createSubmission({
    ...{ ledger, pool, admission, signatures: createSignatureCheck(ledger, undefined) },
    rpc: {
      call(_method, params) {
        handedOver.push(hashOf(Buffer.from(String(params?.tx), "base64")));
        return (answers.shift() ?? taken)();
      },
      close() {},
    },
    clock: () => GENESIS_TIME,
    emptyBlockIntervalMs: 1_000,
    refusal: () => undefined,
  });
  /** What a sender hears: "pending", or the id of the refusal. */
  const send = async (tx: Uint8Array): Promise<string> => {
    try {
      const { kind, result } = await submit(tx);
      return result.refusal?.id ?? kind;
    } catch (error) {
      if (error instanceof Refusal) return error.kind.id;
      throw error;
    }
  };
  /** What somebody hears who waits for one that waits. */
  const wait = (tx: Uint8Array) => {
    const told = Promise.withResolvers<string>();
    pool.get(hashOf(tx))!.waiters.add({ resolve: () => told.resolve("executed"), reject: ({ kind }) => told.resolve(kind.id) });
    return Promise.race([told.promise, new Promise<string>((resolve) => setTimeout(() => resolve("waits"), 50))]);
  };
  return { send, wait, isPending: (tx: Uint8Array) => pool.get(hashOf(tx)) !== undefined, handedOver };
}

describe("a transaction that CometBFT does not take", () => {
  it("may come again, and others are judged as if it had not come", async () => {
    const { send, isPending } = await openDoor(full, full);
    const tx = addTx("a", 900);
    expect([await send(tx), isPending(tx)]).toEqual(["engine/PoolFull", false]);
    expect([await send(tx), isPending(tx)]).toEqual(["engine/PoolFull", false]);
    expect(await send(addTx("a", 800))).toBe("pending");
    expect(await send(tx)).toBe("tally/TooMuch");
  });

  it("leaves those that wait, and what may be built upon them", async () => {
    const { send } = await openDoor(taken, full);
    const take = (amount: number) => signedTx("ann", [{ type: "tally.take", value: { name: "a", amount } }]);
    expect(await send(addTx("a", 600))).toBe("pending");
    expect(await send(addTx("b"))).toBe("engine/PoolFull");
    expect(await send(take(500))).toBe("pending");
    expect(await send(take(500))).toBe("tally/TooLittle");
  });
});

describe("a transaction that waits", () => {
  it.each<[string, () => Promise<unknown>, string]>([
    ["has no room", full, "pending"],
    ["does not answer", silent, "engine/NotReady"],
  ])("goes on waiting when it comes again and CometBFT %s: it may hold it", async (_, answer, told) => {
    const { send, wait, isPending } = await openDoor(taken, answer);
    const tx = addTx("a");
    await send(tx);
    const first = wait(tx);
    expect(await send(tx)).toBe(told);
    expect([await first, isPending(tx)]).toEqual(["waits", true]);
  });

  it("waits, too, when CometBFT does not answer at all, and is handed over again when it comes again", async () => {
    const { send, isPending, handedOver } = await openDoor(silent);
    const tx = addTx("a");
    expect([await send(tx), isPending(tx)]).toEqual(["engine/NotReady", true]);
    expect([await send(tx), isPending(tx)]).toEqual(["pending", true]);
    expect(handedOver).toEqual([hashOf(tx), hashOf(tx)]);
  });

  it("is handed over once when it comes twice at once, and both senders hear the same", async () => {
    const { send, isPending, handedOver } = await openDoor(full);
    const tx = addTx("a");
    expect(await Promise.all([send(tx), send(tx)])).toEqual(["engine/PoolFull", "engine/PoolFull"]);
    expect([isPending(tx), handedOver.length]).toEqual([false, 1]);
  });
});
