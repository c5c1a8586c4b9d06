import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, mkdtemp, readdir, readFile, rm, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import type { KeyValueStore, RangeOptions } from "@galen/ledger/store/kv";
import { createMemoryStore } from "@galen/ledger/store/memory";
import { ClassicLevel } from "classic-level";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { openLevelStore } from "./level-store.ts";

const bytes = (text: string) => Uint8Array.from(Buffer.from(text, "latin1"));
const text = (value: Uint8Array | undefined) => value && Buffer.from(value).toString("latin1");

async function entriesOf(kv: KeyValueStore, options: RangeOptions): Promise<(string | undefined)[][]> {
  const entries: (string | undefined)[][] = [];
  for await (const entry of kv.range(options)) entries.push(entry.map(text));
  return entries;
}

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "galen-level-"));
});
afterEach(() => rm(folder, { recursive: true }));

const stores: readonly [string, () => Promise<KeyValueStore>][] = [
  ["a store on disk", () => openLevelStore(join(folder, "store"))],
  ["a store in memory", async () => createMemoryStore()],
];

describe.each(stores)("%s", (_, open) => {
  const all = { gte: bytes(""), lt: bytes("\xff") };

  test("gives what was written, in key order, both ways and limited", async () => {
    const kv = await open();
    await kv.write(["b", "a", "\x80", "aa", "c"].map((key) => ({ key: bytes(key), value: bytes(`value ${key}`) })));
    await kv.write([
      { key: bytes("c"), value: undefined },
      { key: bytes("empty"), value: bytes("") },
    ]);
    expect([text(kv.get(bytes("aa"))), text(kv.get(bytes("empty"))), kv.get(bytes("c")), kv.get(bytes("never"))]).toEqual([
      "value aa",
      "",
      undefined,
      undefined,
    ]);
    expect((await entriesOf(kv, all)).map(([key]) => key)).toEqual(["a", "aa", "b", "empty", "\x80"]);
    expect(await entriesOf(kv, { gte: bytes("aa"), lt: bytes("empty"), reverse: true, limit: 1 })).toEqual([["b", "value b"]]);
    await kv.close();
  });

  test("applies batches in the order of the calls; in a batch the last write of a key counts", async () => {
    const kv = await open();
    const key = bytes("k");
    const large = Array.from({ length: 20_000 }, (_, i) => ({ key: bytes(`fill ${i}`), value: bytes("x") }));
    const writes = [
      kv.write([{ key, value: bytes("1") }, ...large]),
      kv.write([
        { key, value: undefined },
        { key, value: bytes("2") },
      ]),
    ];
    for (let i = 3; i <= 20; i++) writes.push(kv.write([{ key, value: bytes(`${i}`) }]));
    await writes[0];
    await Promise.all(writes);
    expect(text(kv.get(key))).toBe("20");
    await kv.close();
  });

  test("tells keys as a range does, however many are asked for", async () => {
    const kv = await openLevelStore(join(folder, "store"));
    await kv.write(Array.from({ length: 2_500 }, (_, i) => ({ key: bytes(`${i}`.padStart(5, "0")), value: bytes("v") })));
    for (const options of [{}, { reverse: true }, { limit: 3 }, { reverse: true, limit: 1_700 }]) {
      const range = { gte: bytes("00001"), lt: bytes("02400"), ...options };
      const keys: string[] = [];
      for await (const key of kv.keys(range)) keys.push(text(key)!);
      expect(keys).toEqual((await entriesOf(kv, range)).map(([key]) => key));
    }
    await kv.close();
  });

  test("keeps what a range shows as it was at the call", async () => {
    const kv = await open();
    await kv.write(Array.from({ length: 5000 }, (_, i) => ({ key: bytes(`${i}`.padStart(5, "0")), value: bytes("before") })));
    const range = kv.range(all);
    await kv.write(Array.from({ length: 6000 }, (_, i) => ({ key: bytes(`${i}`.padStart(5, "0")), value: bytes("after") })));
    const seen = new Set<string | undefined>();
    let count = 0;
    for await (const [, value] of range) {
      seen.add(text(value));
      count++;
    }
    expect([count, [...seen]]).toEqual([5000, ["before"]]);
    for await (const [key] of kv.range(all)) if (text(key) === "00003") break;
    await kv.close();
  });

  test("gives permanent values like all others, also in place of others and of each other", async () => {
    const kv = await open();
    const permanent = (key: string, value: string) => ({ key: bytes(key), value: bytes(value), isPermanent: true as const });
    await kv.write([permanent("block 1", "first"), { key: bytes("block 2"), value: bytes("as written before") }, permanent("block 3", "")]);
    await kv.write([permanent("block 2", "second"), permanent("block 1", "first, anew"), permanent("block 4", "x".repeat(300_000))]);
    expect(await entriesOf(kv, all)).toEqual([
      ["block 1", "first, anew"],
      ["block 2", "second"],
      ["block 3", ""],
      ["block 4", "x".repeat(300_000)],
    ]);
    await kv.write([
      { key: bytes("block 2"), value: bytes("no longer") },
      { key: bytes("block 1"), value: undefined },
    ]);
    expect(["1", "2", "3"].map((n) => text(kv.get(bytes(`block ${n}`))))).toEqual([undefined, "no longer", ""]);
    await kv.close();
  });

  /** Above the size of any file of the log, so that a write goes over the end of one. */
  const FAR = 2 ** 26;

  test("gives the log as it was written, and nothing that was not", async () => {
    const kv = await open();
    const log = Uint8Array.from({ length: 200_000 }, (_, i) => i % 251);
    const read = (position: number, length: number) => {
      const target = new Uint8Array(length);
      return kv.readLog(position, target) ? target : undefined;
    };
    expect(read(FAR, 1)).toBeUndefined();
    const start = FAR - 70_000;
    await kv.write([
      { position: start, bytes: log.subarray(0, 70_000) },
      { key: bytes("k"), value: bytes("beside") },
      { position: FAR, bytes: log.subarray(70_000) },
    ]);
    expect([read(start, 200_000), read(start + 69_999, 2), text(kv.get(bytes("k")))]).toEqual([log, log.slice(69_999, 70_001), "beside"]);
    expect([read(start, 200_001), read(start + 200_000, 1)]).toEqual([undefined, undefined]);
    await kv.write([{ position: start + 1, bytes: bytes("over") }]);
    expect(text(read(start, 6))).toBe("\0over\x05");
    await kv.write([{ dropBefore: FAR }]);
    expect([read(start, 1), read(FAR, 130_000)]).toEqual([undefined, log.slice(70_000)]);
    await kv.close();
  });
});

describe("a store on disk", () => {
  test("is there again after closing, also what was under way", async () => {
    const path = join(folder, "deep", "store");
    const kv = await openLevelStore(path);
    const written = kv.write([{ key: bytes("k"), value: bytes("v") }]);
    await kv.close();
    await written;
    const again = await openLevelStore(path);
    expect(text(again.get(bytes("k")))).toBe("v");
    await again.close();
  });

  test("has its log again after closing, in files that go when it is given up", async () => {
    const path = join(folder, "store");
    const kv = await openLevelStore(path);
    await kv.write([{ position: 2 ** 26 - 2, bytes: bytes("ends") }]);
    await kv.close();
    expect(await readdir(join(path, "log"))).toEqual(["000000000.log", "000000001.log"]);

    const again = await openLevelStore(path);
    const target = new Uint8Array(4);
    expect([again.readLog(2 ** 26 - 2, target), text(target)]).toEqual([true, "ends"]);
    await again.write([{ dropBefore: 2 ** 27 - 1 }]);
    expect(await readdir(join(path, "log"))).toEqual(["000000001.log"]);
    await again.write([{ dropBefore: Number.MAX_SAFE_INTEGER }]);
    expect(await readdir(join(path, "log"))).toEqual([]);
    await again.write([{ position: 0, bytes: bytes("begins anew") }]);
    expect([again.readLog(0, target), text(target)]).toEqual([true, "begi"]);
    await again.close();
  });

  test("keeps permanent values in files of their own, each behind those of before", async () => {
    const path = join(folder, "store");
    const value = (n: number) => new Uint8Array(1_000).fill(n);
    for (let n = 1; n <= 3; n++) {
      const kv = await openLevelStore(path);
      await kv.write([{ key: bytes(`block ${n}`), value: value(n), isPermanent: true }]);
      await kv.close();
    }
    const file = await readFile(join(path, "values", "000000000.log"));
    expect(file.equals(Buffer.concat([value(1), value(2), value(3)]))).toBe(true);
    expect(await isInFiles(path, value(2))).toBe(false);
    const kv = await openLevelStore(path);
    expect([1, 2, 3].map((n) => kv.get(bytes(`block ${n}`)))).toEqual([value(1), value(2), value(3)]);
    await kv.close();
  });

  test.each<[damage: string, damage: (file: string) => Promise<void>]>([
    [
      "one bit changed",
      async (file) =>
        writeFile(
          file,
          (await readFile(file)).map((byte, i) => (i === 1_500 ? byte ^ 1 : byte)),
        ),
    ],
    ["cut short", (file) => truncate(file, 1_999)],
    ["lost", (file) => rm(file)],
  ])("refuses a permanent value of which the disk has %s", async (_, damage) => {
    const path = join(folder, "store");
    const kv = await openLevelStore(path);
    for (let n = 1; n <= 2; n++) await kv.write([{ key: bytes(`block ${n}`), value: new Uint8Array(1_000).fill(n), isPermanent: true }]);
    await kv.close();
    await damage(join(path, "values", "000000000.log"));

    const again = await openLevelStore(path);
    const refusal = expect.objectContaining({ name: "StoreError", code: "StateCorrupt" });
    expect(() => again.get(bytes("block 2"))).toThrow(refusal);
    await expect(entriesOf(again, { gte: bytes("block 2"), lt: bytes("c") })).rejects.toEqual(refusal);
    // What comes in its place is there again.
    await again.write([{ key: bytes("block 2"), value: bytes("from a peer"), isPermanent: true }]);
    expect(text(again.get(bytes("block 2")))).toBe("from a peer");
    await again.close();
  });

  /** Whether any file of the store holds these bytes. */
  async function isInFiles(path: string, wanted: Uint8Array): Promise<boolean> {
    const names = (await readdir(path, { withFileTypes: true })).filter((entry) => entry.isFile()).map(({ name }) => name);
    const files = await Promise.all(names.map((name) => readFile(join(path, name))));
    return files.some((file) => file.includes(Buffer.from(wanted)));
  }

  const secret = bytes("what an owner has erased");
  const erased = bytes("k 50");
  const around = (from: number) =>
    Array.from({ length: 100 }, (_, i) => ({ key: bytes(`k ${(i + from) / 2}`), value: new Uint8Array(100_000).fill(i) }));
  type Step = (kv: KeyValueStore) => Promise<unknown>;
  const putSecret: Step = (kv) => kv.write([...around(0), { key: erased, value: secret }]);
  const fill: Step = (kv) => kv.write(around(1).filter(({ key }) => text(key) !== text(erased)));
  const merge: Step = (kv) => kv.purge([bytes("k 0"), bytes("k 99")]);

  test.each<[where: string, steps: Step[]]>([
    ["in memory", [putSecret]],
    ["in a table of the lowest level", [putSecret, merge]],
    ["in a table below others", [putSecret, merge, fill, merge, fill]],
    ["in memory, for the second time", [putSecret, merge, fill, putSecret]],
  ])("purges what was deleted from its files, where it was %s", async (_, steps) => {
    const path = join(folder, "store");
    const kv = await openLevelStore(path);
    for (const step of steps) await step(kv);
    await kv.write([{ key: erased, value: undefined }]);
    expect(await isInFiles(path, secret)).toBe(true);
    await kv.purge([erased]);
    expect(await isInFiles(path, secret)).toBe(false);
    expect([kv.get(erased), kv.get(bytes("k 49"))?.length]).toEqual([undefined, 100_000]);
    await kv.close();
  });

  test("purges from files after it was opened anew, and leaves what came again under the key", async () => {
    const path = join(folder, "store");
    const kv = await openLevelStore(path);
    await putSecret(kv);
    await kv.close();
    const again = await openLevelStore(path);
    const other = bytes("what was written under that key afterwards");
    await again.write([{ key: erased, value: undefined }]);
    await Promise.all([again.purge([erased]), again.write([{ key: erased, value: other }])]);
    expect([await isInFiles(path, secret), text(again.get(erased))]).toEqual([false, text(other)]);
    await again.close();
  });

  test.each(["log", "values"])("has no record of a write whose part of the %s was refused", async (part) => {
    const path = join(folder, "store");
    const inTheWay = join(path, part, "000000000.log");
    await mkdir(inTheWay, { recursive: true });
    const kv = await openLevelStore(path);
    const written = kv.write([
      { key: bytes("k"), value: bytes("v") },
      { position: 0, bytes: bytes("log") },
      { key: bytes("block"), value: bytes("permanent"), isPermanent: true },
    ]);
    await expect(written).rejects.toMatchObject({ code: "StoreWriteFailed" });
    await kv.close();
    await rm(inTheWay, { recursive: true });
    const again = await openLevelStore(path);
    expect([again.get(bytes("k")), again.get(bytes("block"))]).toEqual([undefined, undefined]);
    await again.close();
  });

  test("has of its files at least what the records tell, when its process is killed", async () => {
    const path = join(folder, "store");
    const program = `
      const { openLevelStore } = await import(${JSON.stringify(new URL("level-store.ts", import.meta.url).href)});
      const kv = await openLevelStore(${JSON.stringify(path)});
      for (let n = 0; ; n++) {
        const position = 50_000 * n;
        void kv.write([{ key: Buffer.from("end"), value: Buffer.from(String(position + 50_000)) }, { position, bytes: Buffer.alloc(50_000, 1 + (n % 250)) }, { key: Buffer.from("block " + n), value: Buffer.alloc(30_000, 1 + (n % 250)), isPermanent: true }]);
        if (n % 8 === 0) await kv.write([]);
        if (n === 40) console.log("under way");
      }
    `;
    const writer = spawn(process.execPath, ["--input-type=module", "-e", program], { stdio: ["ignore", "pipe", "inherit"] });
    await once(writer.stdout, "data");
    writer.kill("SIGKILL");
    await once(writer, "exit");

    const kv = await openLevelStore(path);
    const end = Number(text(kv.get(bytes("end"))));
    expect(end).toBeGreaterThanOrEqual(30 * 50_000);
    const part = new Uint8Array(50_000);
    for (let position = 0; position < end; position += 50_000) {
      expect(kv.readLog(position, part)).toBe(true);
      const n = position / 50_000;
      expect(part).toEqual(new Uint8Array(50_000).fill(1 + (n % 250)));
      expect(kv.get(bytes(`block ${n}`))).toEqual(new Uint8Array(30_000).fill(1 + (n % 250)));
    }
    await kv.close();
  });

  test("belongs to one process", async () => {
    const kv = await openLevelStore(join(folder, "store"));
    await expect(openLevelStore(join(folder, "store"))).rejects.toMatchObject({
      code: "StoreLocked",
      message: expect.stringMatching(/belongs to a node that is running; stop it first/),
    });
    await kv.close();
  });

  test("says why it cannot be opened", async () => {
    await expect(openLevelStore("/dev/null/store")).rejects.toMatchObject({
      code: "StoreUnreadable",
      message: expect.stringMatching(
        /^the folder \/dev\/null\/store cannot be opened \(.+\): make room, repair the disk or give this user the folder, then try again$/,
      ),
    });
  });

  const rot = (value: Uint8Array) => value.map((byte, i) => (i === 1 ? byte ^ 4 : byte));
  const damages: readonly [string, (value: Uint8Array) => Uint8Array][] = [
    ["one bit changed", rot],
    ["cut short", (value) => value.subarray(0, value.length - 1)],
    ["emptied", () => new Uint8Array()],
  ];
  test.each(damages)("refuses a record that the disk %s", async (_, damage) => {
    const path = join(folder, "store");
    const kv = await openLevelStore(path);
    await kv.write([{ key: bytes("k"), value: bytes("value") }]);
    await kv.close();
    const raw = new ClassicLevel<Uint8Array, Uint8Array>(path, { keyEncoding: "view", valueEncoding: "view" });
    await raw.put(bytes("k"), damage((await raw.get(bytes("k")))!));
    await raw.close();

    const again = await openLevelStore(path);
    const refusal = expect.objectContaining({ name: "StoreError", code: "StateCorrupt" });
    expect(() => again.get(bytes("k"))).toThrow(refusal);
    await expect(entriesOf(again, { gte: bytes("a"), lt: bytes("z") })).rejects.toEqual(refusal);
    await again.close();
  });

  /** Runs `openLevelStore` in a process whose files may not grow beyond 4 MB; a full disk fails the same write calls. */
  async function runOnFullDisk(path: string): Promise<{ written: number; errors: string[] }> {
    const program = `
      const { openLevelStore } = await import(${JSON.stringify(new URL("level-store.ts", import.meta.url).href)});
      const kv = await openLevelStore(${JSON.stringify(path)});
      const batch = (n) => [
        { key: Buffer.from("first " + n), value: Buffer.alloc(200_000, n) },
        { position: 100_000 * n, bytes: Buffer.alloc(100_000, n) },
        { key: Buffer.from("second " + n), value: Buffer.alloc(200_000, n) },
        { key: Buffer.from("block " + n), value: Buffer.alloc(100_000, n), isPermanent: true },
      ];
      let written = 0;
      const errors = [];
      while (errors.length === 0) await kv.write(batch(written + 1)).then(() => { written++; }, (error) => errors.push(error.code + ": " + error.message));
      await kv.write([{ key: Buffer.from("later"), value: Buffer.from("small") }]).catch((error) => errors.push(error.code));
      await kv.close();
      console.log(JSON.stringify({ written, errors }));
    `;
    const command = `trap '' XFSZ; ulimit -f 4096; exec "$0" --input-type=module -e "$1"`;
    const { stdout } = await promisify(execFile)("bash", ["-c", command, process.execPath, program]);
    return JSON.parse(stdout);
  }

  test("refuses all writes from the first that the disk refuses, and has none of it", async () => {
    const path = join(folder, "store");
    const { written, errors } = await runOnFullDisk(path);
    expect(written).toBeGreaterThan(3);
    expect(errors).toEqual([
      expect.stringMatching(/^StoreWriteFailed: .*cannot be written \(.+\): nothing of this write counts; make room/),
      "StoreWriteFailed",
    ]);

    const kv = await openLevelStore(path);
    for (let n = 1; n <= written; n++) {
      expect(kv.get(bytes(`first ${n}`))).toEqual(new Uint8Array(200_000).fill(n));
      expect(kv.get(bytes(`second ${n}`))).toEqual(new Uint8Array(200_000).fill(n));
      const part = new Uint8Array(100_000);
      expect([kv.readLog(100_000 * n, part), part]).toEqual([true, new Uint8Array(100_000).fill(n)]);
      expect(kv.get(bytes(`block ${n}`))).toEqual(new Uint8Array(100_000).fill(n));
    }
    const never = ["first", "second", "block"].map((name) => `${name} ${written + 1}`);
    expect([...never, "later"].map((key) => kv.get(bytes(key)))).toEqual(Array(4).fill(undefined));
    await kv.write([{ key: bytes("later"), value: bytes("there is room again") }]);
    await kv.close();
  });
});
