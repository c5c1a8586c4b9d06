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

/** The door of a node whose CometBFT answers each hand-over as the next of `answers` says, and takes all after those. */
async function openDoor(...answers: (() => Promise<unknown>)[]) {
  const ledger = await openLedger({ kv: createMemoryStore(), crypto: portableCrypto, versions: [tallyVersion], genesis: testGenesis });
  const pool = createMempool({ maxTxs: 100, maxBytes: 1_000_000 });
  const report = () => expect.unreachable();
  const admission = createAdmission({ ledger, pool, sha256, maxTxBytes: () => 50_000, report });
  const submit = createSubmission({
    ...{ ledger, pool, admission, signatures: createSignatureCheck(ledger, undefined) },
    rpc: { call: () => (answers.shift() ?? taken)(), close() {} },
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
  return { send, isPending: (tx: Uint8Array) => pool.get(hashOf(tx)) !== undefined };
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
