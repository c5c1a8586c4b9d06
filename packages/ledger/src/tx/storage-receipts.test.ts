import { ed25519 } from "@noble/curves/ed25519.js";
import { beforeAll, describe, expect, it } from "vitest";
import type { ReadContext } from "../app/context.ts";
import { validators } from "../app/parameters.ts";
import { Refusal } from "../app/refusal.ts";
import { bytesToHex } from "../crypto/hex.ts";
import { portableCrypto } from "../crypto/portable.ts";
import { createMemoryStore } from "../store/memory.ts";
import { createOverlay } from "../store/overlay.ts";
import { openStateStore } from "../store/state-store.ts";
import { testBytes, testKey } from "../testing/chain.ts";
import { receiptBytes, requireReceipts } from "./storage-receipts.ts";

const CHAIN = "receipts";
const blobs = [testBytes("blob 1"), testBytes("blob 2")];
const set = ["ann", "bob", "cid", "dee"];

let ctx: ReadContext;
beforeAll(async () => {
  const state = createOverlay(await openStateStore({ kv: createMemoryStore(), crypto: portableCrypto }));
  ctx = { chainId: CHAIN, height: 1, time: 0, crypto: portableCrypto, state };
  validators.set({ state }, "current", { validators: set.map((name) => ({ publicKey: testKey(name).publicKey, power: 10 })) });
});

function receipt(name: string, covered: readonly string[] = blobs, chainId = CHAIN) {
  const { publicKey, secretKey } = testKey(name);
  return { publicKey, signature: bytesToHex(ed25519.sign(receiptBytes(chainId, covered, portableCrypto.sha256), secretKey)) };
}
type Receipt = ReturnType<typeof receipt>;

function verdict(receipts: readonly Receipt[], named: readonly string[] = blobs): string | undefined {
  try {
    requireReceipts(ctx, named, receipts);
    return undefined;
  } catch (error) {
    if (error instanceof Refusal) return error.kind.id;
    throw error;
  }
}

const three = () => ["ann", "bob", "cid"].map((name) => receipt(name));
const withLast = (last: Receipt) => [...three().slice(0, 2), last];
const altered = ({ publicKey, signature }: Receipt) => ({
  publicKey,
  signature: `${signature.startsWith("0") ? "1" : "0"}${signature.slice(1)}`,
});

describe("storage receipts", () => {
  it.each<[string, () => readonly Receipt[], string | undefined]>([
    ["three of four validators", three, undefined],
    ["all four", () => set.map((name) => receipt(name)), undefined],
    ["nobody", () => [], "tx/MissingReceipts"],
    ["half of the voting power", () => three().slice(1), "tx/TooFewReceipts"],
    ["one validator twice", () => withLast(receipt("ann")), "tx/ForgedReceipt"],
    ["a stranger", () => withLast(receipt("eve")), "tx/ForgedReceipt"],
    ["an altered signature", () => withLast(altered(receipt("cid"))), "tx/ForgedReceipt"],
    ["a receipt for one blob less", () => withLast(receipt("cid", blobs.slice(1))), "tx/ForgedReceipt"],
    ["a receipt for another order", () => withLast(receipt("cid", blobs.toReversed())), "tx/ForgedReceipt"],
    ["a receipt from another chain", () => withLast(receipt("cid", blobs, "elsewhere")), "tx/ForgedReceipt"],
  ])("from %s", (_, receipts, expected) => {
    expect(verdict(receipts())).toBe(expected);
  });

  it("of exactly two thirds of the voting power are too few", () => {
    const state = createOverlay(ctx.state);
    validators.set({ state }, "current", {
      validators: set.slice(0, 3).map((name) => ({ publicKey: testKey(name).publicKey, power: 10 })),
    });
    const receipts = three();
    expect(() => requireReceipts({ ...ctx, state }, blobs, receipts.slice(0, 2))).toThrow("tx/TooFewReceipts");
    expect(() => requireReceipts({ ...ctx, state }, blobs, receipts)).not.toThrow();
  });

  it("are not asked for, and not taken, where no blob is named", () => {
    expect(verdict([], [])).toBeUndefined();
    expect(verdict([receipt("ann", [])], [])).toBe("tx/ForgedReceipt");
  });
});
