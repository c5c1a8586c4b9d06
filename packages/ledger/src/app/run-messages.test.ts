import { Type } from "typebox";
import { describe, expect, it } from "vitest";
import { bytesToHex } from "../crypto/hex.ts";
import { Code, OneOf } from "../schema/types.ts";
import { createTestChain, type TestChain, testBytes, testKey } from "../testing/chain.ts";
import { tallyVersion, totals } from "../testing/tally-module.ts";
import type { Message } from "../tx/transaction.ts";
import { defineMessage, defineModule } from "./define-module.ts";
import { defineEvent } from "./events.ts";
import { compileVersion } from "./version.ts";

const How = OneOf("requireRunnable", "execute", "rehearse");
const Answer = Type.Object({ refusal: Code(64) });
const answered = defineEvent("carrier.answered", Answer);
const Run = Type.Object({ how: How, first: Type.String({ maxLength: 4_000 }), second: Type.String({ maxLength: 4_000 }) });

/** Runs two messages that it carries and tells the answer. */
const carrier = defineModule({
  name: "carrier",
  messages: [
    defineMessage({
      type: "carrier.run",
      summary: "Runs what it carries.",
      schema: Run,
      handle(ctx, { how, first, second }) {
        const messages = [first, second].map((text) => JSON.parse(text) as { type: string; value: string });
        const run = { messages, signers: ctx.signers, bodyHash: ctx.bodyHash };
        const refusal = how === "requireRunnable" ? ctx.inner.requireRunnable(messages) : ctx.inner[how](run);
        ctx.emit(answered({ refusal: refusal?.kind.id.replace("/", ":") ?? "none" }));
      },
    }),
    defineMessage({ type: "carrier.heavy", summary: "Asks for much.", schema: Type.Object({}), handle: () => {}, weight: 30 }),
    defineMessage({
      type: "carrier.seal",
      summary: "Names a blob.",
      schema: Type.Object({ blob: Code(64) }),
      handle: () => {},
      blobs: ({ blob }) => [blob],
    }),
  ],
  queries: [],
  events: [answered],
  errors: {},
  collections: [],
  invariants: {},
});

const version = { ...tallyVersion, modules: [...tallyVersion.modules, carrier] };
const { codec } = compileVersion(version);
const actor = { account: testKey("somebody").publicKey, keys: [testKey("somebody")] };

const add = (amount: number): Message => ({ type: "tally.add", value: { name: "apples", amount, padding: [] } });
const carried = (message: Message) => JSON.stringify({ type: message.type, value: bytesToHex(codec.encodeValue(message)) });
const run = (how: string, first: Message, second: Message): Message => ({
  type: "carrier.run",
  value: { how, first: carried(first), second: carried(second) },
});
const total = (chain: TestChain) => totals.get(chain.ledger, "apples")?.total ?? 0;

describe("messages that a message runs", () => {
  const cases: readonly (readonly [name: string, message: Message, refusal: string | undefined, events: string[], total: number])[] = [
    ["take effect", run("execute", add(1), add(2)), undefined, ["tally.added", "tally.added", "carrier.answered none"], 3],
    ["all or nothing", run("execute", add(1), add(1_000)), undefined, ["carrier.answered tally:TooMuch"], 0],
    ["leave nothing when they are rehearsed", run("rehearse", add(1), add(2)), undefined, ["carrier.answered none"], 0],
    ["tell the refusal when they are rehearsed", run("rehearse", add(1_000), add(1)), undefined, ["carrier.answered tally:TooMuch"], 0],
    ["are looked at without running", run("requireRunnable", add(1_000), add(1)), undefined, ["carrier.answered none"], 0],
    ["cannot run others", run("execute", add(1), run("execute", add(1), add(1))), undefined, ["carrier.answered tx:InnerTooDeep"], 0],
    [
      "cannot rehearse others",
      run("rehearse", add(1), run("rehearse", add(1), add(1))),
      undefined,
      ["carrier.answered tx:InnerTooDeep"],
      0,
    ],
    [
      "cannot name blobs",
      run("execute", add(1), { type: "carrier.seal", value: { blob: testBytes("blob") } }),
      undefined,
      ["carrier.answered tx:InnerBlobs"],
      0,
    ],
    [
      "cannot name blobs, as a look tells",
      run("requireRunnable", add(1), { type: "carrier.seal", value: { blob: "b" } }),
      "tx/InnerBlobs",
      [],
      0,
    ],
  ];
  it.each(cases)("%s", async (_name, message, refusal, events, sum) => {
    const chain = await createTestChain({ version });
    const result = await chain.run(actor, message);
    expect(result.refusal?.id).toBe(refusal);
    expect(result.events.map(({ type, data }) => (type === "carrier.answered" ? `${type} ${data.refusal as string}` : type))).toEqual(
      events,
    );
    expect(total(chain)).toBe(sum);
    await chain.checkReplay();
  });

  it("are so many bytes at most for one transaction, from version 4 on", async () => {
    // 1,008 bytes each, two at a time.
    const long: Message = { type: "tally.add", value: { name: "apples", amount: 0, padding: ["a".repeat(990)] } };
    const runs = (count: number) => Array.from({ length: count }, (_, i) => run(i % 2 === 0 ? "execute" : "rehearse", long, long));
    const newer = await createTestChain({ version: { ...version, number: 4 } });
    expect((await newer.run(actor, ...runs(8))).code).toBe(0);
    expect((await newer.run(actor, ...runs(9))).refusal).toMatchObject({ id: "tx/InnerTooLarge", details: { maxBytes: 16_384 } });
    expect((await newer.run(actor, ...runs(1))).code).toBe(0);
    const older = await createTestChain({ version: { ...version, number: 3 } });
    expect((await older.run(actor, ...runs(9))).code).toBe(0);
  });

  it("count for a kilobyte each at least, from version 5 on", async () => {
    const runs = (count: number) => Array.from({ length: count }, () => run("rehearse", add(1), add(1)));
    const newer = await createTestChain({ version: { ...version, number: 5 } });
    expect((await newer.run(actor, ...runs(16))).code).toBe(0);
    expect((await newer.run(actor, ...runs(17))).refusal?.id).toBe("tx/InnerTooLarge");
    const older = await createTestChain({ version: { ...version, number: 4 } });
    expect((await older.run(actor, ...runs(17))).code).toBe(0);
  });

  it("count with the messages that run them for what they ask for, from version 5 on", async () => {
    const newer = await createTestChain({ version: { ...version, number: 5 } });
    const heavy = (count: number) => Array.from({ length: count }, (): Message => ({ type: "carrier.heavy", value: {} }));
    expect((await newer.run(actor, ...heavy(4))).code).toBe(0);
    expect((await newer.run(actor, ...heavy(5))).refusal).toMatchObject({ id: "tx/TooMuchWork", details: { maxWeight: 128 } });
    const kept = run("execute", heavy(1)[0]!, heavy(1)[0]!);
    // One of weight 1 that runs two of 30 each, twice.
    expect((await newer.run(actor, kept, kept)).code).toBe(0);
    const third = await newer.run(actor, kept, kept, kept);
    expect(third.events.map(({ data }) => data.refusal)).toEqual(["none", "none", "tx:TooMuchWork"]);
    const older = await createTestChain({ version: { ...version, number: 4 } });
    expect((await older.run(actor, ...heavy(5))).code).toBe(0);
  });

  it.each([
    ["an unknown kind", { type: "tally.multiply", value: "80" }, "tx/UnknownMessage"],
    ["bytes that do not fit", { type: "tally.add", value: "80" }, "tx/InvalidMessage"],
    ["no bytes", { type: "tally.add", value: "" }, "tx/InvalidMessage"],
  ])("are refused for %s", async (_name, broken, refusal) => {
    const chain = await createTestChain({ version });
    const value = { how: "requireRunnable", first: JSON.stringify(broken), second: carried(add(1)) };
    expect((await chain.run(actor, { type: "carrier.run", value })).refusal?.id).toBe(refusal);
  });
});
