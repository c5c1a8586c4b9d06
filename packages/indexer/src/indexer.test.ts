import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setImmediate } from "node:timers/promises";
import {
  created,
  delegated,
  delegationEnded,
  guardiansRemoved,
  guardiansSet,
  keysRotated,
  memberRemoved,
  memberSet,
} from "@galen/ledger/modules/accounts/events";
import { approved, ended } from "@galen/ledger/modules/approvals/events";
import { setChanged } from "@galen/ledger/modules/validators/events";
import { erased, refused, released, revoked } from "@galen/ledger/modules/vault/events";
import { testBytes } from "@galen/ledger/testing/chain";
import Sqlite from "better-sqlite3";
import fc from "fast-check";
import { sql } from "kysely";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Database, Tables } from "./database.ts";
import { openIndexer } from "./indexer.ts";
import { documentsOf } from "./queries.ts";
import type { BlockSource, IndexedEvent } from "./source.ts";
import {
  ann,
  blobs,
  bob,
  clara,
  createChain,
  file,
  grant,
  hospital,
  NOW,
  owners,
  proposal,
  release,
  type TestChain,
} from "./testing/event-chain.ts";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "galen-index-"));
});
afterEach(() => rm(folder, { recursive: true }));

/** Everything in the tables, by their names. */
async function dump(db: Database): Promise<Readonly<Record<string, readonly string[]>>> {
  const { rows } = await sql<{
    name: keyof Tables;
  }>`select name from sqlite_master where type = 'table' and name not like 'sqlite%'`.execute(db);
  const tables = rows.map(({ name }) => name);
  const rowsOf = async (table: keyof Tables) => (await db.selectFrom(table).selectAll().execute()).map((row) => JSON.stringify(row)).sort();
  return Object.fromEntries(await Promise.all(tables.map(async (table) => [table, await rowsOf(table)] as const)));
}

const PAGE_BYTES = 4_096;
/** In the header of a file of SQLite. */
const WRITE_VERSION_AT = 18;

/** Where a table and its indexes begin, from 1. */
function rootPages(path: string, table: string): readonly number[] {
  const sqlite = new Sqlite(path, { readonly: true });
  const pages = sqlite.prepare<[string], { rootpage: number }>("select rootpage from sqlite_master where tbl_name = ?").all(table);
  sqlite.close();
  return pages.map(({ rootpage }) => rootpage);
}

const MANY_BLOCKS = 200;
const BLOCK_MS = 0.5;

/** A chain whose blocks take a while each, and name nobody. */
function createLongChain() {
  const chain = createChain();
  const read: number[] = [];
  const source: BlockSource = {
    ...chain,
    get height() {
      return chain.height;
    },
    block(height) {
      read.push(height);
      for (const begunAt = performance.now(); performance.now() - begunAt < BLOCK_MS; );
      return chain.block(height);
    },
  };
  const grow = () => {
    for (let count = 0; count < MANY_BLOCKS; count++) chain.add();
  };
  return { source, read, grow };
}

/** Kinds of steps that fill tables: together all of them. */
const filling = ["file", "grant", "read", "refuse", "vote", "keys", "enter", "guard", "delegate", "weigh"] as const;
const ending = ["erase", "revoke", "decide", "leave", "unguard", "undelegate"] as const;

/** The events of each kind of step of an owner. What is made must be added: the numbers go on, as the ledger's do. */
function createSteps(chain: TestChain): Readonly<Record<(typeof filling | typeof ending)[number], (owner: string) => IndexedEvent[]>> {
  const counts = new Map<string, number>();
  const next = (name: string) => {
    counts.set(name, (counts.get(name) ?? -1) + 1);
    return counts.get(name)!;
  };
  const entry = (owner: string) => {
    const number = next(`log/${owner}`);
    return release(number, { owner, releaseId: testBytes(`release/${owner}/${number}`) });
  };
  const first = testBytes("p0");
  const terms = { scopes: ["records.read" as const], until: NOW + 1, ground: "chosen" as const };
  return {
    file: (owner) => file(owner, next(`file/${owner}`)),
    erase: (owner) => [erased({ owner, erasedBy: owner, dueAt: NOW, objects: [{ objectId: testBytes(`${owner}/0`), ...blobs }] })],
    grant: (owner) => [grant(`${owner}/${next(`grant/${owner}`)}`, { owner })],
    revoke: (owner) => [revoked({ grantId: testBytes(`${owner}/0`), owner, revokedBy: owner })],
    read: (owner) => [released(entry(owner))],
    refuse: (owner) => [refused({ ...entry(owner), outcome: { kind: "refused", reason: "NoGrant" } })],
    vote: (owner) => [proposal(`p${next("proposal")}`), approved({ proposalId: first, voters: [owner] })],
    decide: () => [ended({ proposalId: first, how: "executed" })],
    keys(owner) {
      // As many keys as changes: a rebuild meets each change with the last of them.
      const change = next(`keys/${owner}`);
      const keys = Array.from({ length: change + 1 }, (_, place) => testBytes(`${owner}/${change}/${place}`));
      chain.keys.set(owner, keys);
      return [change === 0 ? created({ account: owner, kind: "person" }) : keysRotated({ account: owner })];
    },
    enter: (owner) => [memberSet({ organisation: hospital, member: owner, roles: ["clinician", "nurse"] })],
    leave: (owner) => [memberRemoved({ organisation: hospital, member: owner })],
    guard: (owner) => [guardiansSet({ account: owner, guardians: [clara, hospital], threshold: 1, delayMs: 3_600_000 })],
    unguard: (owner) => [guardiansRemoved({ account: owner })],
    delegate: (owner) => [delegated({ owner, delegate: clara, ...terms })],
    undelegate: (owner) => [delegationEnded({ owner, delegate: clara })],
    weigh(organisation) {
      const validators = [
        { organisation, publicKey: "11".repeat(32), power: 700_000 },
        { publicKey: "22".repeat(32), power: 300_000 },
      ];
      return [setChanged({ epoch: next("epoch"), policy: "equal", isComplete: true, validators })];
    },
  };
}

describe("following the ledger", () => {
  it("lets everybody else have turns while it catches up at its start, or reads all anew", async () => {
    const { source, grow } = createLongChain();
    grow();
    async function turnsDuring<T>(work: Promise<T>): Promise<{ done: T; turns: number }> {
      let isDone = false;
      let turns = 0;
      void work.finally(() => (isDone = true));
      for (; !isDone; turns++) await setImmediate();
      return { done: await work, turns };
    }
    const opened = await turnsDuring(openIndexer({ path: ":memory:", source }));
    expect(opened.turns).toBeGreaterThan(5);
    expect((await turnsDuring(opened.done.rebuild())).turns).toBeGreaterThan(5);
    expect(await opened.done.height()).toBe(MANY_BLOCKS);
    await opened.done.close();
  });

  it("hears while it catches up that it is to stop, and goes on the next time where it was", async () => {
    const { source, read, grow } = createLongChain();
    const path = join(folder, "index.sqlite");
    const indexer = await openIndexer({ path, source });
    grow();
    await setImmediate();
    await indexer.close();
    expect(read.length).toBeLessThan(MANY_BLOCKS / 2);
    await (await openIndexer({ path, source })).close();
    expect(read).toEqual(Array.from({ length: MANY_BLOCKS }, (_, index) => index + 1));
  });

  it("leaves out no block: it waits for one that is missing, and goes on when it has come", async () => {
    const chain = createChain();
    for (const number of [0, 1, 2]) chain.add(...file(ann, number));
    let missing: number | undefined = 2;
    const listeners = new Set<() => void>();
    const holey: BlockSource = {
      height: 3,
      block: (height) => (height === missing ? undefined : chain.block(height)),
      keysOf: chain.keysOf,
      subscribe(listener) {
        listeners.add(listener);
        return () => listeners.delete(listener);
      },
    };
    const indexer = await openIndexer({ path: ":memory:", source: holey });
    await indexer.caughtUp();
    expect(await indexer.height()).toBe(1);
    missing = undefined;
    for (const listener of listeners) listener();
    await indexer.caughtUp();
    expect(await indexer.height()).toBe(3);
    await indexer.close();
  });

  it("starts anew over a file that is ahead of the ledger", async () => {
    const [long, short] = [createChain(), createChain()];
    for (const number of [0, 1]) long.add(...file(ann, number));
    short.add(...file(bob, 0));
    const path = join(folder, "index.sqlite");
    await (await openIndexer({ path, source: long })).close();
    const indexer = await openIndexer({ path, source: short });
    const counts = owners.map(async (owner) => (await documentsOf(indexer.db, owner, { limit: 9 })).items.length);
    expect(await Promise.all(counts)).toEqual([0, 1]);
    await indexer.close();
  });

  it.each([
    ["from its first byte", 0],
    ["behind its header", 4_096],
  ])("starts anew over a file that the disk has damaged %s, and tells why", async (_, from) => {
    const chain = createChain();
    for (const number of [0, 1]) chain.add(...file(ann, number));
    const path = join(folder, "index.sqlite");
    await (await openIndexer({ path, source: chain })).close();
    await writeFile(path, (await readFile(path)).fill(7, from));
    const causes: unknown[] = [];
    const indexer = await openIndexer({ path, source: chain, damaged: (cause) => void causes.push(cause) });
    expect((await documentsOf(indexer.db, ann, { limit: 9 })).items).toHaveLength(2);
    expect(causes).toHaveLength(1);
    await indexer.close();
  });

  it("refuses a file that can only be read, before a block is to be written, and leaves it as it is", async () => {
    const chain = createChain();
    const path = join(folder, "index.sqlite");
    await (await openIndexer({ path, source: chain })).close();
    const bytes = await readFile(path);
    // A user without rights cannot be had in a test that may run as root. A version of writing that SQLite does not know makes a file one to read only.
    bytes[WRITE_VERSION_AT] = 3;
    await writeFile(path, bytes);
    await expect(openIndexer({ path, source: chain })).rejects.toMatchObject({ code: "SQLITE_READONLY" });
    expect(await readFile(path)).toEqual(bytes);
  });

  describe("over a file in which the disk has damaged the pages of one table", () => {
    async function openDamaged() {
      const chain = createChain();
      const path = join(folder, "index.sqlite");
      await (await openIndexer({ path, source: chain })).close();
      const bytes = await readFile(path);
      for (const page of rootPages(path, "documents")) bytes.fill(7, (page - 1) * PAGE_BYTES, page * PAGE_BYTES);
      await writeFile(path, bytes);
      const causes: unknown[] = [];
      return { chain, causes, open: () => openIndexer({ path, source: chain, damaged: (cause) => void causes.push(cause) }) };
    }

    it("starts anew when its first block meets them", async () => {
      const { chain, causes, open } = await openDamaged();
      chain.add(...file(ann, 0));
      const indexer = await open();
      expect((await documentsOf(indexer.db, ann, { limit: 9 })).items).toHaveLength(1);
      expect(causes).toHaveLength(1);
      await indexer.close();
    });

    it("fails what meets them later, tells why once, and starts anew the next time", async () => {
      const { chain, causes, open } = await openDamaged();
      const indexer = await open();
      for (const _ of [1, 2]) await expect(documentsOf(indexer.db, ann, { limit: 9 })).rejects.toThrow("malformed");
      expect(causes).toHaveLength(1);
      await indexer.close();
      chain.add(...file(ann, 0));
      const next = await open();
      expect((await documentsOf(next.db, ann, { limit: 9 })).items).toHaveLength(1);
      expect(causes).toHaveLength(1);
      await next.close();
    });
  });

  it("is the same whether it followed, was interrupted, or was rebuilt", async () => {
    const step = fc.record({ owner: fc.constantFrom(...owners), kind: fc.constantFrom(...filling, ...ending, "restart" as const) });
    const oneOfEach = filling.map((kind) => ({ owner: ann, kind }));
    const filled = new Set<string>();
    let tables: readonly string[] = [];
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 25 }), fc.nat(), async (steps, run) => {
        const chain = createChain();
        const path = join(folder, `${run}-${Math.random()}.sqlite`);
        let indexer = await openIndexer({ path, source: chain });
        const events = createSteps(chain);
        for (const { owner, kind } of steps) {
          if (kind !== "restart") chain.add(...events[kind](owner));
          else {
            await indexer.close();
            indexer = await openIndexer({ path, source: chain });
          }
        }
        await indexer.caughtUp();
        const followed = await dump(indexer.db);
        tables = Object.keys(followed);
        for (const table of tables) if (followed[table]!.length > 0) filled.add(table);
        await indexer.rebuild();
        expect(await dump(indexer.db)).toEqual(followed);
        for (const owner of owners) {
          const filed = steps.filter((one) => one.owner === owner && one.kind === "file").length;
          expect((await documentsOf(indexer.db, owner, { limit: 100 })).items).toHaveLength(filed);
        }
        await indexer.close();
      }),
      { numRuns: 25, examples: [[oneOfEach, 0]] },
    );
    // A table that stays empty is compared with nothing: its events belong among the steps.
    expect(tables.filter((table) => !filled.has(table))).toEqual([]);
  });
});
