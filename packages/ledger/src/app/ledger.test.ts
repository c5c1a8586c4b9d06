import { Type } from "typebox";
import { describe, expect, it } from "vitest";
import { bytesToHex } from "../crypto/hex.ts";
import { portableCrypto } from "../crypto/portable.ts";
import { Integer, Text } from "../schema/types.ts";
import { verifyStateProof } from "../store/proof.ts";
import { createTestChain, type TestActor, testKey } from "../testing/chain.ts";
import { errors as tx } from "../tx/errors.ts";
import { defineCollection, defineOrderedCollection } from "./collection.ts";
import { defineMessage, defineModule, defineQuery } from "./define-module.ts";
import { defineEvent } from "./events.ts";
import { openLedger } from "./ledger.ts";
import { defineErrors } from "./refusal.ts";
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

  it("stops before a version it does not have", async () => {
    const chain = await createTestChain({ version });
    await chain.run(ann, { type: "notes.planUpgrade", value: { height: 3 } });
    await expect(chain.block()).rejects.toThrow("this program has no ledger version 2");
  });
});

describe("what a transaction is refused for", () => {
  type Case = readonly [name: string, id: string, (chain: Awaited<ReturnType<typeof createTestChain>>) => Uint8Array];
  const cases: readonly Case[] = [
    ["expired", "tx/Expired", (chain) => chain.sign([ann], [write("a")], chain.now)],
    ["expiry too far", "tx/ExpiryTooFar", (chain) => chain.sign([ann], [write("a")], chain.now + 86_400_000)],
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
    const { txResults } = await chain.block(flip(good, -5), good);
    expect(txResults.map((r) => r.code)).toEqual([tx.BadSignature.kind.code, 0]);
  });
});

function flip(bytes: Uint8Array, at: number): Uint8Array {
  const copy = bytes.slice();
  copy[copy.length + at]! ^= 1;
  return copy;
}
