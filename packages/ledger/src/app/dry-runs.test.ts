import fc from "fast-check";
import { Type } from "typebox";
import { describe, expect, it } from "vitest";
import { portableCrypto } from "../crypto/portable.ts";
import { Text } from "../schema/types.ts";
import { createMemoryStore } from "../store/memory.ts";
import { createTestChain, testKey } from "../testing/chain.ts";
import { tallyVersion } from "../testing/tally-module.ts";
import { defineCollection } from "./collection.ts";
import { defineMessage, defineModule } from "./define-module.ts";
import { type Block, type ForeseenBlock, type Ledger, openLedger } from "./ledger.ts";
import type { LedgerVersion } from "./version.ts";

const Seen = Type.Object({ text: Text(100) });
const seen = defineCollection<[what: string], typeof Seen>("watch/seen", Seen);

/** How often the handler of `watch.note` has run: not state, and so in no ledger of the product. */
let runs = 0;

/** A module that writes down what it sees of a block; at one height its hash as well. */
const watching = (hashHeight: number | undefined): LedgerVersion => ({
  ...tallyVersion,
  modules: [
    ...tallyVersion.modules,
    defineModule({
      name: "watch",
      messages: [
        defineMessage({
          type: "watch.note",
          summary: "Notes height and time.",
          schema: Seen,
          handle(ctx, { text }) {
            runs += 1;
            seen.set(ctx, "message", { text: `${text} ${ctx.height} ${ctx.time}` });
          },
        }),
      ],
      queries: [],
      events: [],
      errors: {},
      collections: [seen],
      onBlock(ctx) {
        seen.set(ctx, "block", { text: `${ctx.height} ${ctx.time} ${ctx.block.votes.length}` });
        if (ctx.height === hashHeight) seen.set(ctx, "hash", { text: ctx.block.hash });
      },
      invariants: {},
    }),
  ],
});

const who = testKey("ann");
const actor = { account: who.publicKey, keys: [who] };
const HASH = "ab".repeat(32);

/** A ledger and how to sign for it. */
async function openPair(hashHeight?: number) {
  const version = watching(hashHeight);
  const { ledger, sign, genesis } = await createTestChain({ version });
  const plain = await openLedger({ kv: createMemoryStore(), crypto: portableCrypto, versions: [version], genesis });
  const note = (text: string) => sign([actor], [{ type: "watch.note", value: { text } }]);
  const add = (amount: number) => sign([actor], [{ type: "tally.add", value: { name: "a", amount, padding: [] } }]);
  return { ledger, plain, note, add };
}

/** The dry runs of `txs` as an engine asks for them; gives those that pass. */
function admit(ledger: Ledger, txs: readonly Uint8Array[]): Uint8Array[] {
  return txs.filter((bytes) => ledger.checkTx(ledger.prepare(bytes)).code === 0);
}

const foreseen = (ledger: Ledger): ForeseenBlock => ({
  time: ledger.time + 1_000,
  votes: [{ address: "cd".repeat(20), power: 1, signed: true }],
  misbehavior: [],
});

/** Finalizes `block` on both, the second without any dry run, and expects the same of them. */
async function expectSame(ledger: Ledger, plain: Ledger, block: Block): Promise<void> {
  const ahead = ledger.finalizeBlock(block);
  expect(plain.finalizeBlock({ ...block, txs: block.txs.map((bytes) => bytes.slice()) })).toEqual(ahead);
  await Promise.all([ledger.commit(), plain.commit()]);
}

describe("dry runs in the block that is foreseen", () => {
  it("are its execution: each handler runs once", async () => {
    const { ledger, plain, note } = await openPair();
    const next = foreseen(ledger);
    ledger.resetCheck(next);
    const txs = admit(ledger, [note("a"), note("b")]);
    runs = 0;
    ledger.finalizeBlock({ ...next, hash: HASH, height: 1, txs });
    expect(runs).toBe(0);
    expect(plain.finalizeBlock({ ...next, hash: HASH, height: 1, txs }).appHash).toEqual(ledger.appHash);
    expect(runs).toBe(2);
  });

  it.each<[string, (block: Block) => Block]>([
    ["has fewer transactions", (block) => ({ ...block, txs: block.txs.slice(0, 1) })],
    ["has none", (block) => ({ ...block, txs: [] })],
    ["has more", (block) => ({ ...block, txs: [...block.txs, block.txs[0]!] })],
    ["has them in another order", (block) => ({ ...block, txs: block.txs.toReversed() })],
    ["has the same bytes in other arrays", (block) => ({ ...block, txs: block.txs.map((bytes) => bytes.slice()) })],
    ["has another time", (block) => ({ ...block, time: block.time + 1 })],
    ["has other votes", (block) => ({ ...block, votes: [] })],
    [
      "tells of misbehavior",
      (block) => ({ ...block, misbehavior: [{ kind: "duplicateVote", address: "", power: 1, height: 1, time: 1, totalPower: 1 }] }),
    ],
  ])("count for nothing when the block %s", async (_, change) => {
    const { ledger, plain, note } = await openPair();
    const next = foreseen(ledger);
    ledger.resetCheck(next);
    const txs = admit(ledger, [note("a"), note("b")]);
    const block = change({ ...next, hash: HASH, height: 1, txs });
    runs = 0;
    await expectSame(ledger, plain, block);
    expect(runs).toBe(2 * new Set(block.txs).size);
  });

  it("count for nothing in a block whose hash a module asks for, and do again in the next", async () => {
    const { ledger, plain, note } = await openPair(2);
    for (const expected of [1, 2, 1]) {
      const next = foreseen(ledger);
      runs = 0;
      ledger.resetCheck(next);
      const txs = admit(ledger, [note("a")]);
      ledger.finalizeBlock({ ...next, hash: HASH, height: ledger.height + 1, txs });
      expect(runs).toBe(expected);
      expect(plain.finalizeBlock({ ...next, hash: HASH, height: plain.height + 1, txs }).appHash).toEqual(ledger.appHash);
      await Promise.all([ledger.commit(), plain.commit()]);
    }
  });

  it("may go on after the block: what is run then changes nothing of it", async () => {
    const { ledger, plain, note } = await openPair();
    const next = foreseen(ledger);
    ledger.resetCheck(next);
    const [first, late] = [note("first"), note("late")];
    const txs = admit(ledger, [first]);
    await expectSame(ledger, plain, { ...next, hash: HASH, height: 1, txs });
    admit(ledger, [late]); // an engine that has not begun a new series yet
    expect(seen.get(ledger, "message")!.text).toBe(`first 1 ${next.time}`);
    await expectSame(ledger, plain, { ...foreseen(ledger), hash: HASH, height: 2, txs: [] });
  });

  it("lead to the same chain as execution in the block, whatever arrives, is refused or is left for later", async () => {
    const arrival = fc.record({ amount: fc.nat(600), isRepeated: fc.boolean() });
    const round = fc.record({ arrivals: fc.array(arrival, { maxLength: 6 }), taken: fc.nat(8), isForeseen: fc.boolean() });
    await fc.assert(
      fc.asyncProperty(fc.array(round, { minLength: 1, maxLength: 5 }), async (rounds) => {
        const { ledger, plain, add } = await openPair(3);
        let waiting: Uint8Array[] = [];
        for (const { arrivals, taken, isForeseen } of rounds) {
          const next = foreseen(ledger);
          ledger.resetCheck(isForeseen ? next : undefined);
          const arrived = arrivals.flatMap(({ amount, isRepeated }) => {
            const bytes = add(amount);
            return isRepeated ? [bytes, bytes.slice()] : [bytes];
          });
          waiting = admit(ledger, [...waiting, ...arrived]);
          const txs = waiting.splice(0, taken);
          await expectSame(ledger, plain, { ...next, hash: HASH, height: ledger.height + 1, txs });
        }
      }),
      { numRuns: 25 },
    );
  });
});
