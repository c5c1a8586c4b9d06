import { appendFile, mkdtemp, open, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { nextEntry, type ServedEntry } from "@galen/ledger/modules/vault/served-log";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { nativeCrypto } from "../crypto/native.ts";
import { openCustodianStateFile, parseStateKey } from "./custodian-state-file.ts";
import { openServedLog, type ServedPage } from "./served-log-file.ts";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "galen-custodian-"));
});
afterEach(() => rm(folder, { recursive: true }));

describe("the state file", () => {
  const bytes = (fill: number) => new Uint8Array(32).fill(fill);
  const state = { sealingKey: { publicKey: bytes(1), secretKey: bytes(2) }, held: { epoch: 3, index: 1, share: bytes(4) } };
  const key = bytes(9);

  it.each([
    ["in clear", undefined],
    ["under a key", key],
  ])("gives back %s what was written", async (_, chosen) => {
    const file = openCustodianStateFile(join(folder, "state"), chosen);
    expect(await file.read()).toBeUndefined();
    await file.write(state);
    expect(await file.read()).toEqual(state);
  });

  it("shows nothing of the share under a key, and opens under no other", async () => {
    const path = join(folder, "state");
    await openCustodianStateFile(path, key).write(state);
    expect((await readFile(path)).includes(Buffer.from("04".repeat(32)))).toBe(false);
    await expect(openCustodianStateFile(path, bytes(8)).read()).rejects.toThrow("custodianStateKey does not open");
    await expect(openCustodianStateFile(path, undefined).read()).rejects.toThrow("give custodianStateKey");
  });

  it("is encrypted when there is a key for the first time", async () => {
    const path = join(folder, "state");
    await openCustodianStateFile(path, undefined).write(state);
    expect(await openCustodianStateFile(path, key).read()).toEqual(state);
    expect((await readFile(path)).includes(Buffer.from("04".repeat(32)))).toBe(false);
    expect(await openCustodianStateFile(path, key).read()).toEqual(state);
  });

  it.each([0, 5, 20, 40])("says what to do with the first %i bytes of what was written", async (length) => {
    const path = join(folder, "state");
    await openCustodianStateFile(path, key).write(state);
    await writeFile(path, (await readFile(path)).subarray(0, length));
    await expect(openCustodianStateFile(path, key).read()).rejects.toThrow("custodianStateKey does not open");
  });

  it("takes 32 bytes of hexadecimal or none as its key", () => {
    expect(parseStateKey("none")).toBeUndefined();
    expect(parseStateKey("09".repeat(32))).toEqual(key);
    expect(() => parseStateKey("secret")).toThrow("custodianStateKey must be 32 bytes");
  });
});

describe("the served log", () => {
  const facts = { releaseId: "ab".repeat(32), reader: "cd".repeat(32), epoch: 1, height: 7 };

  it("goes on after a crash in the middle of a line", async () => {
    const path = join(folder, "served.jsonl");
    const log = await openServedLog(path);
    expect(await log.last()).toBeUndefined();
    const first = nextEntry(undefined, facts, nativeCrypto);
    await log.append(first);
    await log.close();
    await appendFile(path, '{"number":1,"rel');

    const again = await openServedLog(path);
    expect(await again.last()).toEqual(first);
    const second = nextEntry(first, facts, nativeCrypto);
    await again.append(second);
    expect(await again.page(0)).toEqual({ entries: [first, second], next: undefined });
    await again.close();
  });

  it("is read page by page, from the beginning of a line only", async () => {
    const log = await openServedLog(join(folder, "long.jsonl"));
    const entries: ServedEntry[] = [];
    while (entries.length < 1_000) {
      entries.push(nextEntry(entries.at(-1), facts, nativeCrypto));
      await log.append(entries.at(-1)!);
    }
    const read: ServedEntry[] = [];
    const offsets: number[] = [];
    for (let offset: number | undefined = 0; offset !== undefined; ) {
      offsets.push(offset);
      const page: ServedPage = (await log.page(offset))!;
      read.push(...page.entries);
      offset = page.next;
    }
    expect(read).toEqual(entries);
    expect(offsets.length).toBeGreaterThan(2);
    for (const offset of [1, offsets[1]! + 1, offsets[1]! - 1, 1e12]) expect(await log.page(offset)).toBeUndefined();
    await log.close();
  });

  it("goes on after a disk that was full for half a line", async () => {
    const path = join(folder, "served.jsonl");
    const handle = await open(path, "a");
    const fileHandle = Object.getPrototypeOf(handle) as typeof handle;
    await handle.close();
    const log = await openServedLog(path);
    const first = nextEntry(undefined, facts, nativeCrypto);
    const failing = vi.spyOn(fileHandle, "datasync").mockRejectedValueOnce(new Error("no space left"));
    await expect(log.append(first)).rejects.toThrow("no space left");
    failing.mockRestore();
    await log.append(first);
    expect((await log.page(0))!.entries).toEqual([first]);
    await log.close();
  });
});
