import * as cborg from "cborg";
import { Type } from "typebox";
import { describe, expect, it } from "vitest";
import { sizeInBlock } from "../block/block-size.ts";
import { bytesToHex, hexToBytes } from "../crypto/hex.ts";
import { portableCrypto } from "../crypto/portable.ts";
import { Hash, Integer, Text } from "../schema/types.ts";
import { verifyStateProof } from "../store/proof.ts";
import { createTestChain, signWith, type TestActor, testBytes, testKey } from "../testing/chain.ts";
import { imagedHeight } from "../testing/imaged-height.ts";
import { errors as tx } from "../tx/errors.ts";
import { decodeEnvelope, encodeTransaction, signBytes } from "../tx/transaction.ts";
import { noFacts } from "./block-facts.ts";
import { defineCollection, defineOrderedCollection } from "./collection.ts";
import { defineMessage, defineModule, defineQuery } from "./define-module.ts";
import { defineEvent } from "./events.ts";
import { openLedger } from "./ledger.ts";
import { defineErrors } from "./refusal.ts";
import { replayRecordKey } from "./replay-window.ts";
import { upgrade } from "./upgrades.ts";
import type { LedgerVersion } from "./version.ts";

const Note = Type.Object({ name: Type.String({ minLength: 1, maxLength: 16, pattern: "^[a-z]+$" }), text: Text(400) });
const notes = defineOrderedCollection<[name: string], typeof Note>("notes/notes", Note);
const Counter = Type.Object({ count: Integer(0, 1_000_000) });
const counters = defineCollection<[who: string], typeof Counter>("notes/counters", Counter);
const written = defineEvent("notes.written", Note);
const errors = defineErrors("notes", 8_000, { Taken: [1, 409, "a note with this name exists; choose another"] });

const notesModule = defineModule({
  name: "notes",
  messages: [
    defineMessage({
      type: "notes.write",
      summary: "Writes a note.",
      schema: Note,
      handle(ctx, note) {
        const count = counters.get(ctx, ctx.signer)?.count ?? 0;
        counters.set(ctx, ctx.signer, { count: count + 1 });
        if (notes.has(ctx, note.name)) throw errors.Taken({ name: note.name });
        notes.set(ctx, note.name, note);
        ctx.emit(written(note));
      },
    }),
    defineMessage({
      type: "notes.attach",
      summary: "Names a sealed blob.",
      schema: Type.Object({ blob: Hash }),
      handle: () => {},
      blobs: ({ blob }) => [blob],
    }),
    defineMessage({
      type: "notes.planUpgrade",
      summary: "Plans version 2.",
      schema: Type.Object({ height: Integer(1, 1_000) }),
      handle: (ctx, { height }) => upgrade.set(ctx, "planned", { height, version: 2 }),
    }),
  ],
  queries: [
    defineQuery({
      name: "notes.note",
      summary: "One note.",
      parameters: Type.Object({ name: Text(16) }),
      result: Note,
      run: (ctx, { name }) => notes.get(ctx, name)!,
    }),
  ],
  events: [written],
  errors,
  collections: [notes, counters],
  invariants: {},
});

const anyone: LedgerVersion["authenticate"] = (_context, body, signatures) => {
  if (!signatures.some((signature) => signature.publicKey === body.signers[0])) throw tx.Unauthorised();
};
const version: LedgerVersion = { number: 1, modules: [notesModule], authenticate: anyone };
const key = testKey("ann");
const ann: TestActor = { account: key.publicKey, keys: [key] };
const LIFETIME_MS = 900_000;
const NAMES = Array.from({ length: 101 }, (_, at) => String.fromCharCode(97 + Math.floor(at / 26), 97 + (at % 26)));
const write = (name: string, text = "hello") => ({ type: "notes.write", value: { name, text } });

describe("the pipeline", () => {
  it("executes a signed transaction and proves what it wrote", async () => {
    const chain = await createTestChain({ version });
    const result = await chain.run(ann, write("one"));
    expect(result).toMatchObject({ code: 0, refusal: undefined });
    const stateKey = notes.keyOf("one");
    const { value, proof } = chain.ledger.prove(stateKey);
    expect(notes.decode(value!)).toEqual({ name: "one", text: "hello" });
    expect(verifyStateProof({ crypto: portableCrypto, root: chain.ledger.appHash, key: stateKey, value, proof })).toBe(true);
  });

  it("leaves no trace of a refused transaction but its result", async () => {
    const chain = await createTestChain({ version });
    await chain.run(ann, write("one"));
    const before = counters.get(chain.ledger, ann.account);
    const result = await chain.run(ann, write("two"), write("one"));
    expect(result).toMatchObject({ code: 8_001, refusal: { id: "notes/Taken", status: 409 }, events: [] });
    expect(counters.get(chain.ledger, ann.account)).toEqual(before);
    expect(notes.get(chain.ledger, "two")).toBeUndefined();
  });

  it("answers queries about the durable state, and refuses what does not fit", async () => {
    const chain = await createTestChain({ version });
    await chain.run(ann, write("one"));
    expect(chain.ledger.query("notes.note", { name: "one" })).toEqual({ height: 1, result: { name: "one", text: "hello" } });
    expect(() => chain.ledger.query("notes.nothing", {})).toThrow("query/UnknownQuery");
    expect(() => chain.ledger.query("notes.note", { name: 1 })).toThrow("query/InvalidParameters");
  });

  it("walks an ordered collection", async () => {
    const chain = await createTestChain({ version });
    for (const name of ["pear", "apple", "fig"]) await chain.run(ann, write(name));
    const walked = [...notes.entries(chain.ledger, { limit: 10, from: "b" })].map(([, note]) => note.name);
    expect(walked).toEqual(["fig", "pear"]);
  });

  it("does not change the app hash in an empty block", async () => {
    const chain = await createTestChain({ version });
    await chain.run(ann, write("one"));
    const before = bytesToHex(chain.ledger.appHash);
    await chain.block();
    expect(bytesToHex(chain.ledger.appHash)).toBe(before);
  });

  it("resumes from its store and refuses another network's genesis", async () => {
    const chain = await createTestChain({ version });
    await chain.run(ann, write("one"));
    const reopened = await openLedger({ kv: chain.kv, crypto: portableCrypto, versions: [version] });
    expect([reopened.height, reopened.time, bytesToHex(reopened.appHash)]).toEqual([
      chain.ledger.height,
      chain.ledger.time,
      bytesToHex(chain.ledger.appHash),
    ]);
    const other = { ...chain.genesis, genesisTime: chain.genesis.genesisTime + 1 };
    const options = { kv: chain.kv, crypto: portableCrypto, versions: [version] };
    await expect(openLedger({ ...options, genesis: other })).rejects.toThrow("founded by another genesis document");
    await expect(openLedger({ ...options, genesis: chain.genesis })).resolves.toMatchObject({ height: chain.ledger.height });
  });

  it("takes blocks in their order only", async () => {
    const chain = await createTestChain({ version });
    for (const height of [0, 2])
      expect(() => chain.ledger.finalizeBlock({ ...noFacts, height, time: chain.now, txs: [] })).toThrow(
        `block ${height} does not follow 0`,
      );
  });

  it("looks on the disk for what executed, once it is there", async () => {
    const chain = await createTestChain({ version });
    const prepared = chain.ledger.prepare(chain.sign([ann], [write("a")]));
    await chain.block(prepared.bytes);
    expect(chain.ledger.executedAt(prepared)).toBe(1);
    const { bodyHash, transaction } = prepared;
    await chain.kv.write([{ key: replayRecordKey({ bodyHash, expiresAt: transaction.body.expiresAt }), value: undefined }]);
    expect(chain.ledger.executedAt(prepared)).toBeUndefined();
  });

  it("prepares a restart from what is committed, never from a block that is not", async () => {
    const chain = await createTestChain({ version });
    await chain.run(ann, write("one"));
    const { height, time } = chain.ledger;
    chain.ledger.finalizeBlock({ height: height + 1, time: time + 1, txs: [], ...noFacts });
    await chain.ledger.prepareRestart();
    expect(imagedHeight(chain.kv)).toBeUndefined();
    await chain.ledger.commit();
    await chain.ledger.prepareRestart();
    expect(imagedHeight(chain.kv)).toBe(height + 1);
  });

  it("switches to another version at its height", async () => {
    const migrated: number[] = [];
    const second: LedgerVersion = { ...version, number: 2, migrate: (ctx) => void migrated.push(ctx.height) };
    const chain = await createTestChain({ version: [version, second] });
    await chain.run(ann, { type: "notes.planUpgrade", value: { height: 4 } });
    const versions: number[] = [];
    for (let i = 0; i < 4; i++) versions.push((await chain.block()).appVersion);
    expect([versions, migrated]).toEqual([[1, 2, 2, 2], [4]]);
  });

  it("reads by the new version what was read by the old one and waits", async () => {
    const messages = notesModule.messages.filter(({ type }) => type === "notes.planUpgrade");
    const second: LedgerVersion = { ...version, number: 2, modules: [{ ...notesModule, messages }] };
    const chain = await createTestChain({ version: [version, second] });
    const waiting = chain.sign([ann], [write("a")]);
    chain.ledger.prepare(waiting);
    await chain.run(ann, { type: "notes.planUpgrade", value: { height: 2 } });
    expect((await chain.block(waiting)).txResults[0]!.refusal?.id).toBe("tx/UnknownMessage");
  });

  it("stops before a version it does not have", async () => {
    const chain = await createTestChain({ version });
    await chain.run(ann, { type: "notes.planUpgrade", value: { height: 3 } });
    await expect(chain.block()).rejects.toThrow("this program has no ledger version 2");
  });
});

describe("what a transaction is refused for", () => {
  type Case = readonly [name: string, id: string | undefined, (chain: Awaited<ReturnType<typeof createTestChain>>) => Uint8Array];
  const cases: readonly Case[] = [
    ["expired", "tx/Expired", (chain) => chain.sign([ann], [write("a")], chain.now)],
    ["expiry too far", "tx/ExpiryTooFar", (chain) => chain.sign([ann], [write("a")], chain.now + LIFETIME_MS + 1)],
    ["expiry as far as it may be", undefined, (chain) => chain.sign([ann], [write("a")], chain.now + LIFETIME_MS)],
    ["no message", "tx/Malformed", (chain) => signed(bodyOf(chain.now, 0))],
    ["as many messages as there may be", undefined, (chain) => signed(bodyOf(chain.now, 100))],
    ["more messages than there may be", "tx/Malformed", (chain) => signed(bodyOf(chain.now, 101))],
    ["a byte behind its body", "tx/Malformed", (chain) => signed(Uint8Array.of(...bodyOf(chain.now, 1), 0))],
    ["one key that signs twice", "tx/DuplicateSigner", (chain) => signed(bodyOf(chain.now, 1), 2)],
    [
      "not signed by its signer",
      "tx/Unauthorised",
      (chain) => chain.sign([{ account: ann.account, keys: [testKey("eve")] }], [write("a")]),
    ],
    ["signer named twice", "tx/DuplicateSigner", (chain) => chain.sign([ann, ann], [write("a")])],
    ["trailing byte", "tx/Malformed", (chain) => Uint8Array.of(...chain.sign([ann], [write("a")]), 0)],
    ["truncated", "tx/Malformed", (chain) => chain.sign([ann], [write("a")]).slice(0, -1)],
    ["empty", "tx/Malformed", () => new Uint8Array(0)],
    ["too large", "tx/TooLarge", () => new Uint8Array(65_537)],
    ["deep nesting", "tx/Malformed", () => new Uint8Array(60_000).fill(0x81)],
    ["one bit of the signature", "tx/BadSignature", (chain) => flip(chain.sign([ann], [write("a")]), -5)],
  ];
  it.each(cases)("%s", async (_name, id, make) => {
    const chain = await createTestChain({ version });
    const { txResults } = await chain.block(make(chain));
    expect(txResults[0]!.refusal?.id).toBe(id);
  });

  it("signed for another network", async () => {
    const [here, there] = [await createTestChain({ version }), await createTestChain({ version, chainId: "other-chain" })];
    const { txResults } = await here.block(there.sign([ann], [write("a")]));
    expect(txResults[0]!.refusal?.id).toBe("tx/WrongChain");
  });

  it("the same bytes twice, in one block, in the next, and after a restart", async () => {
    const chain = await createTestChain({ version });
    const bytes = chain.sign([ann], [write("a")]);
    const ids = (results: { txResults: readonly { refusal?: { id: string } | undefined }[] }) =>
      results.txResults.map((r) => r.refusal?.id);
    expect(ids(await chain.block(bytes, bytes.slice()))).toEqual([undefined, "tx/Replayed"]);
    expect(ids(await chain.block(bytes.slice()))).toEqual(["tx/Replayed"]);
    const reopened = await openLedger({ kv: chain.kv, crypto: portableCrypto, versions: [version] });
    expect(reopened.checkTx(reopened.prepare(bytes)).refusal?.id).toBe("tx/Replayed");
  });

  it("a body that outgrows a transaction, before anything is signed", async () => {
    const chain = await createTestChain({ version });
    const many = Array.from({ length: 100 }, () => write("a".repeat(16), "🩺".repeat(400)));
    expect(() => chain.sign([ann], many)).toThrow("tx/TooLarge");
  });

  it("what has expired, also after its record was swept; what has not is kept", async () => {
    const chain = await createTestChain({ version });
    const [soon, late] = [chain.sign([ann], [write("a")]), chain.sign([ann], [write("b")], chain.now + 600_000)];
    await chain.block(soon, late);
    expect(await chain.ledger.sweep()).toBe(0);
    await chain.advance(180_000);
    expect([await chain.ledger.sweep(), await chain.ledger.sweep()]).toEqual([1, 0]);
    const { txResults } = await chain.block(soon.slice(), late.slice());
    expect(txResults.map((result) => result.refusal?.id)).toEqual(["tx/Expired", "tx/Replayed"]);
    await chain.checkReplay();
  });

  it("an unknown message and one that does not fit, before anything is signed", async () => {
    const chain = await createTestChain({ version });
    expect(() => chain.sign([ann], [{ type: "notes.burn", value: {} }])).toThrow("tx/UnknownMessage");
    expect(() => chain.sign([ann], [write("a", "x".repeat(401))])).toThrow("tx/InvalidMessage");
  });

  it("false signatures do not burn somebody else's transaction", async () => {
    const chain = await createTestChain({ version });
    const good = chain.sign([ann], [write("a")]);
    const other = chain.sign([ann], [write("b")]);
    const { txResults } = await chain.block(flip(good, -5), good, flip(other, -5));
    expect(txResults.map((r) => r.code)).toEqual([tx.BadSignature.kind.code, 0, tx.BadSignature.kind.code]);
    expect((await chain.block(other)).txResults[0]!.code).toBe(0);
  });
});

/** A body as no client of ours makes it, written by another library. */
function bodyOf(now: number, messages: number): Uint8Array {
  const header = ["test-chain", [hexToBytes(ann.account)!], now + 60_000, new Uint8Array(8)];
  return cborg.encode([header, Array.from({ length: messages }, (_, at) => ["notes.write", [NAMES[at]!, "hello"]])]);
}

function signed(bodyBytes: Uint8Array, times = 1): Uint8Array {
  const signature = signWith(key, signBytes(bodyBytes));
  return encodeTransaction({ bodyBytes, signatures: Array.from({ length: times }, () => signature), receipts: [] });
}

it("a blob that no validator says it holds is not named in a block", async () => {
  const chain = await createTestChain({ version });
  const bytes = chain.sign([ann], [{ type: "notes.attach", value: { blob: testBytes("blob") } }]);
  const without = encodeTransaction({ ...decodeEnvelope(bytes), receipts: [] });
  const { txResults } = await chain.block(without, bytes);
  expect(txResults.map(({ refusal }) => refusal?.id)).toEqual(["tx/MissingReceipts", undefined]);
});

it("a dry run that was refused hears the same refusal again, one that passed is replayed", async () => {
  const chain = await createTestChain({ version });
  await chain.run(ann, write("a"));
  const [taken, free] = [chain.sign([ann], [write("a")]), chain.sign([ann], [write("b")])];
  const answers = [taken, taken, free, free].map((bytes) => chain.ledger.checkTx(chain.ledger.prepare(bytes)).refusal?.id);
  expect(answers).toEqual(["notes/Taken", "notes/Taken", undefined, "tx/Replayed"]);
});

describe("a proposal", () => {
  /** The same body signed in two ways, another transaction, and what is none. */
  async function found() {
    const chain = await createTestChain({ version });
    const eve = testKey("eve");
    const both: TestActor = { account: ann.account, keys: [key, eve] };
    const bytes = chain.sign([both], [write("a")]);
    const { bodyBytes, signatures } = decodeEnvelope(bytes);
    const twin = encodeTransaction({ bodyBytes, signatures: signatures.toReversed(), receipts: [] });
    const other = chain.sign([ann], [write("b")]);
    return { ledger: chain.ledger, bytes, twin, other, forged: flip(other, -5) };
  }

  it("holds each body once, and nothing that is not signed", async () => {
    const { ledger, bytes, twin, other, forged } = await found();
    const maxBytes = 65_536;
    expect(ledger.prepareProposal({ txs: [bytes, twin, forged, new Uint8Array(3), other], maxBytes })).toEqual([bytes, other]);
    const judged = [[bytes, other], [bytes, twin], [forged], [new Uint8Array(3)], []].map((txs) => ledger.processProposal({ txs }));
    expect(judged).toEqual([true, false, false, false, true]);
  });

  it("fills a block to its last byte, and passes over what does not fit", async () => {
    const { ledger, bytes, other } = await found();
    const sizes = [sizeInBlock(bytes), sizeInBlock(other)] as const;
    const fitting = (maxBytes: number) => ledger.prepareProposal({ txs: [bytes, other], maxBytes });
    expect(fitting(sizes[0] + sizes[1])).toEqual([bytes, other]);
    expect(fitting(sizes[0] + sizes[1] - 1)).toEqual([bytes]);
    expect(fitting(sizes[0] - 1)).toEqual([other]);
  });
});

function flip(bytes: Uint8Array, at: number): Uint8Array {
  const copy = bytes.slice();
  copy[copy.length + at]! ^= 1;
  return copy;
}
