import { createHash } from "node:crypto";
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { bytesToHex } from "@galen/ledger/crypto/hex";
import { createMemoryStore } from "@galen/ledger/store/memory";
import { RECORD_HEAD_BYTES, type SnapshotManifest } from "@galen/ledger/store/snapshot";
import { openStateStore } from "@galen/ledger/store/state-store";
import { afterAll, beforeAll, expect, it } from "vitest";
import { nativeCrypto } from "./crypto/native.ts";
import { exportData, restoreData } from "./snapshot-data.ts";
import { openLevelStore } from "./store/level-store.ts";
import { startTestNetwork, type TestNetwork } from "./testing/test-network.ts";

let network: TestNetwork;
let folder: string;
let snapshot: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "galen-snapshot-"));
  snapshot = join(folder, "snapshot");
  network = await startTestNetwork();
  await network.person("somebody");
  await network.node.stop();
  await exportData(network.folder, snapshot);
});
afterAll(async () => {
  await network.close();
  await rm(folder, { recursive: true, force: true });
});

/** Key and value as Latin-1, so that what is text in them can be read. */
type Records = Map<string, string>;

function parseRecords(chunk: Buffer): Records {
  const records: Records = new Map();
  for (let at = 0; at < chunk.length; ) {
    const keyAt = at + RECORD_HEAD_BYTES;
    const valueAt = keyAt + chunk.readUInt16BE(at);
    const end = valueAt + chunk.readUInt32BE(at + 2);
    records.set(chunk.toString("latin1", keyAt, valueAt), chunk.toString("latin1", valueAt, end));
    at = end;
  }
  return records;
}

function writeRecords(records: Records): Buffer {
  const parts = [...records].map(([key, value]) => {
    const head = Buffer.alloc(RECORD_HEAD_BYTES);
    head.writeUInt16BE(key.length);
    head.writeUInt32BE(value.length, 2);
    return Buffer.concat([head, Buffer.from(key + value, "latin1")]);
  });
  return Buffer.concat(parts);
}

/** The snapshot as somebody offers it who can change everything in it but sign no block: chunk hashes and root fit what was changed. */
async function forge(name: string, change: (records: Records) => void): Promise<string> {
  const forged = join(folder, name);
  await exportData(network.folder, forged);
  const records = parseRecords(await readFile(join(forged, "chunk-00000")));
  change(records);
  const chunk = writeRecords(records);
  const values = [...records]
    .filter(([key]) => key.startsWith("s"))
    .map(([key, value]) => [key.slice(1), Buffer.from(value, "latin1")] as const);
  const state = await openStateStore({ kv: createMemoryStore(), crypto: nativeCrypto });
  const { root } = state.stage(0, new Map(values));
  const manifest = JSON.parse(await readFile(join(forged, "manifest.json"), "utf8")) as SnapshotManifest;
  const chunks = [createHash("sha256").update(chunk).digest("hex")];
  await writeFile(join(forged, "chunk-00000"), chunk);
  await writeFile(join(forged, "manifest.json"), JSON.stringify({ ...manifest, root: bytesToHex(root), keyCount: values.length, chunks }));
  return forged;
}

function changeFirst(records: Records, prefix: string, change: (value: string) => string): void {
  const key = [...records.keys()].find((one) => one.startsWith(prefix))!;
  records.set(key, change(records.get(key)!));
}

it("restores to what was exported", async () => {
  const exported = JSON.parse(await readFile(join(snapshot, "manifest.json"), "utf8")) as SnapshotManifest;
  expect(await restoreData(snapshot, join(folder, "restored"))).toMatchObject({ height: exported.height, root: exported.root });
});

const forgeries: readonly [name: string, change: (records: Records) => void, refusal: RegExp][] = [
  [
    "a changed value",
    (records) => changeFirst(records, "saccounts/records/", (value) => `${value.slice(0, -1)}\u0000`),
    /not the one that its block/,
  ],
  [
    "a value left out",
    (records) => void records.delete([...records.keys()].find((key) => key.startsWith("saccounts/records/"))!),
    /not the one that its block/,
  ],
  [
    "another time",
    (records) => changeFirst(records, "m/block-time", (value) => (Number.parseInt(value, 16) + 1).toString(16)),
    /not the one that its block/,
  ],
  [
    "a transaction that may execute again",
    (records) => void records.delete([...records.keys()].find((key) => key.startsWith("x"))!),
    /replay window/,
  ],
  ["a changed block", (records) => changeFirst(records, "bb", (value) => `${value}\u0000`), /block 1 /],
];
it.each(forgeries)("refuses a snapshot with %s", async (name, change, refusal) => {
  const forged = await forge(name, change);
  await expect(restoreData(forged, join(folder, `${name} restored`))).rejects.toThrow(refusal);
});

it("is not made of a chain of which the disk has lost a block", async () => {
  const kv = await openLevelStore(join(network.folder, "ledger"));
  const header = Buffer.concat([Buffer.from("bh"), Buffer.alloc(7), Buffer.of(2)]);
  await kv.write([{ key: header, value: undefined }]);
  await kv.close();
  const target = join(folder, "with-a-gap");
  await expect(exportData(network.folder, target)).rejects.toMatchObject({
    code: "BlockMissing",
    message: expect.stringContaining("block 2"),
  });
  expect(await readdir(target)).toEqual([]);
});
