import { readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { openChainStore } from "@galen/engines/chain/chain-store";
import type { KnownBlock } from "@galen/engines/chain/verify-past-block";
import { bytesToHex } from "@galen/ledger/crypto/hex";
import { ledgerVersions } from "@galen/ledger/modules/index";
import type { KeyValueStore, Write } from "@galen/ledger/store/kv";
import { readFrames, writeFrames } from "@galen/sdk/client/frames";
import { status } from "@galen/sdk/client/status";
import { fileDocuments } from "@galen/sdk/records/file-documents";
import { grantAccess } from "@galen/sdk/records/grants";
import { listGrants, listRecords } from "@galen/sdk/records/listings";
import type { OwnAccount } from "@galen/sdk/transactions/own-account";
import { submit } from "@galen/sdk/transactions/submit";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { nativeCrypto } from "../crypto/native.ts";
import { ed25519Key } from "../keys/ed25519-key.ts";
import { createCallPeer } from "../peers/call-peer.ts";
import { PeerFailure } from "../peers/peer-failure.ts";
import { openLevelStore } from "../store/level-store.ts";
import { startTestNodes, type TestNode, type TestNodes, until } from "../testing/test-nodes.ts";
import { fetchHistory } from "./fetch-history.ts";
import { startHistoryHealer } from "./heal-history.ts";
import { historyStatement } from "./history-statement.ts";

let town: TestNodes;
let patient: OwnAccount;
let first: TestNode;
let last: TestNode;

beforeAll(async () => {
  town = await startTestNodes({ count: 4 });
  [first, last] = [town.nodes[0]!, town.nodes[3]!];
  [patient] = [await town.person("patient"), await town.person("doctor")];
  await town.makeKey(3);
  const documents = [1, 2, 3].map((number) => ({
    ...{
      objectId: `${number}f`.repeat(32),
      plaintext: new Uint8Array(50).fill(number),
      owner: patient.account,
      compartment: "ab".repeat(32),
    },
  }));
  for (const document of documents) await fileDocuments(first.client, { as: town.hospital, documents: [document] });
  const grantee = { kind: "person", account: town.hospital.account } as const;
  const end = Date.now() + 3_600_000;
  await grantAccess(first.client, { as: patient, grantee, covers: { kind: "everything" }, purposes: ["TREAT"], until: end });
  // A refusal in a block, with its words.
  const late = { type: "vault.revoke", value: { grantId: "ab".repeat(32) } };
  await submit(first.client, { actors: [patient], messages: [late] }).catch(() => {});
}, 60_000);
afterAll(() => town.close());

/** Everything of the chain that a stopped node keeps, by key in hex. */
async function chainRecords({ folder }: TestNode): Promise<Map<string, string>> {
  const kv = await openLevelStore(join(folder, "ledger"));
  const records = new Map<string, string>();
  try {
    for await (const [key, value] of kv.range({ gte: Uint8Array.of(0x62), lt: Uint8Array.of(0x63) }))
      records.set(bytesToHex(key), bytesToHex(value));
  } finally {
    await kv.close();
  }
  return records;
}

async function change({ folder }: TestNode, changes: (kv: KeyValueStore) => Promise<Write[]>): Promise<void> {
  const kv = await openLevelStore(join(folder, "ledger"));
  await kv.write(await changes(kv));
  await kv.close();
}

const heightKey = (kind: string, height: number) => {
  const key = Buffer.alloc(10);
  key.write(kind, "latin1");
  key.writeBigUInt64BE(BigInt(height), 2);
  return key;
};

async function healed(node: TestNode) {
  await until(async () => (await status(node.client)).healing.history.state === "complete");
  return (await status(node.client)).healing.history;
}

const view = async ({ client }: TestNode) => {
  const pages = [
    await listRecords(client, { as: patient, owner: patient.account }),
    await listGrants(client, { as: patient, of: { owner: patient.account } }),
  ];
  return pages.map(({ items }) => items);
};

describe("a node without blocks below a height", () => {
  it("fetches all of them, then its read model is that of the others", async () => {
    const { height } = await status(last.client);
    await last.stop();
    const before = await chainRecords(last);
    await change(last, async (kv) => {
      const writes: Write[] = [];
      for await (const [key, value] of kv.range({ gte: Uint8Array.of(0x62), lt: Uint8Array.of(0x63) })) {
        // A transaction's record holds its height, all others have it in their key.
        const at = String.fromCharCode(key[1]!) === "t" ? Buffer.from(value).readBigUInt64BE(0) : Buffer.from(key).readBigUInt64BE(2);
        if (Number(at) < height - 2) writes.push({ key, value: undefined });
      }
      // As state sync leaves it: the set of its first block.
      return [...writes, { key: heightKey("bv", height - 2), value: Buffer.from(before.get(bytesToHex(heightKey("bv", 1)))!, "hex") }];
    });
    await rm(join(last.folder, "index.sqlite"));
    await last.start();
    const { repaired, repairedFrom, repairedTo } = await healed(last);
    expect({ repaired, repairedFrom, repairedTo }).toEqual({ repaired: height - 3, repairedFrom: 1, repairedTo: height - 3 });
    await until(async () => (await status(last.client)).indexedHeight === (await status(first.client)).indexedHeight);
    expect(await view(last)).toEqual(await view(first));
    await last.stop();
    const after = await chainRecords(last);
    for (const [key, value] of before) expect(after.get(key), key).toBe(value);
    await last.start();
    await healed(last);
  });

  it.each([["bb"], ["bh"], ["bc"], ["br"]])("heals a %s record in the middle that is damaged, and no other height", async (kind) => {
    const at = 4;
    await last.stop();
    const before = await chainRecords(last);
    await change(last, async (kv) => [{ key: heightKey(kind, at), value: flip(kv.get(heightKey(kind, at))!) }]);
    await last.start();
    expect(await healed(last)).toMatchObject({ repairedTo: at });
    await last.stop();
    const after = await chainRecords(last);
    for (const [key, value] of before) expect(after.get(key), key).toBe(value);
    await last.start();
  });

  it("heals a block and results that the disk has changed", async () => {
    const at = 5;
    await last.stop();
    const before = await chainRecords(last);
    const path = join(last.folder, "ledger", "values", "000000000.log");
    for (const kind of ["bb", "br"]) {
      const [file, value] = [await readFile(path), Buffer.from(before.get(bytesToHex(heightKey(kind, at)))!, "hex")];
      // Where it was fetched anew by the tests above, the last copy counts.
      file[file.lastIndexOf(value) + value.length - 1]! ^= 1;
      await writeFile(path, file);
    }
    await expect(chainRecords(last)).rejects.toMatchObject({ code: "StateCorrupt" });
    await last.start();
    expect(await healed(last)).toMatchObject({ repairedTo: at });
    await last.stop();
    expect(await chainRecords(last)).toEqual(before);
    await last.start();
  });
});

function flip(bytes: Uint8Array): Uint8Array {
  const copy = bytes.slice();
  copy[copy.length - 3]! ^= 1;
  return copy;
}

it("the healer tries again after a round that an error of the disk has ended", async () => {
  vi.useFakeTimers();
  const { engine, ledger } = last.running;
  const store = openChainStore({} as KeyValueStore, ledgerVersions);
  const errors: unknown[] = [];
  let reads = 0;
  const validators = async () => {
    reads += 1;
    throw new Error("EIO: i/o error, read");
  };
  const healer = startHistoryHealer({
    ...{ engine, genesis: {}, ledger, crypto: nativeCrypto, kv: { write: async () => {} }, store: { ...store, validators } },
    peers: { met: async () => {}, nodes: () => [], ask: () => Promise.reject(new Error("nobody is asked")) },
    logger: { info: () => {}, warn: () => {} },
    report: (error) => void errors.push(error),
  });
  await vi.advanceTimersByTimeAsync(60_000);
  expect([reads, errors.length]).toEqual([3, 3]);
  await healer.stop();
  vi.useRealTimers();
});

/** What a peer may do to what it is asked for; frames are block, record, validators by height, then the signature. */
type Lie = (frames: Uint8Array[]) => Uint8Array[];

describe("a peer's history", () => {
  const stranger = ed25519Key(new Uint8Array(32).fill(7));
  const to = 9;

  /** Asks with peers of whom the first lies, and those after it vouch or not. */
  async function fetchFrom(
    lie: Lie,
    vouchers: readonly TestNode[] = town.nodes.slice(1, 3),
    vouch: (bytes: Uint8Array) => Uint8Array = (bytes) => bytes,
  ) {
    const { ledger, engine } = last.running;
    const call = createCallPeer({ ledger, crypto: nativeCrypto, validator: last.signer, now: Date.now });
    const next: KnownBlock = { block: engine.block(to + 1)!, validators: (await engine.validators(to + 1))! };
    const kv = {} as KeyValueStore; // only records are decoded
    return fetchHistory(
      {
        ...{ ledger, crypto: nativeCrypto, store: openChainStore(kv, ledgerVersions) },
        peers: {
          nodes: () => [first, ...vouchers].map(({ url, key }) => ({ url, key, height: 99 })),
          async ask(node, _purpose, request, check) {
            const isBlocks = request.path === "/v1/peers/history";
            if (isBlocks && node.key !== first.key) throw new PeerFailure("unreachable", node.url);
            const answer = await call(node, request);
            try {
              return check(isBlocks ? writeFrames(lie(readFrames(answer)!.map((frame) => frame.slice()))) : vouch(answer));
            } catch (cause) {
              throw new PeerFailure("wrong", node.url, { cause });
            }
          },
        },
      },
      next,
    );
  }

  /** The liar signs what it has made up: the records from the lowest height up. */
  function signedAnew(frames: readonly Uint8Array[]): Uint8Array[] {
    const records = frames.filter((_, index) => index % 3 === 1 && index < frames.length - 1).reverse();
    const range = { from: to - records.length + 1, to };
    const message = historyStatement("test-nodes", range, { records, sha256: nativeCrypto.sha256 });
    return [...frames.slice(0, -1), first.signer.sign(message)];
  }

  /** Of a block in which something else has happened than in the newest: those of two empty blocks are the same. */
  function otherRecords(frames: readonly Uint8Array[]): Uint8Array {
    return frames.find((frame, index) => index % 3 === 1 && !Buffer.from(frame).equals(frames[1]!))!;
  }

  const altered = (index: number) => (frames: Uint8Array[]) => signedAnew(frames.with(index, flip(frames[index]!)));

  it("is taken when it is the chain's", async () => {
    expect((await fetchFrom((frames) => frames))?.map(({ header }) => header.height)).toEqual([9, 8, 7, 6, 5, 4, 3, 2, 1]);
  });

  it.each<[string, Lie]>([
    ["an altered block", altered(0)],
    ["an altered block further down", altered(6)],
    ["an altered record", altered(1)],
    ["altered validators", altered(2)],
    ["an altered set of another height", altered(8)],
    ["blocks in another order", (frames) => signedAnew([...frames.slice(3, 6), ...frames.slice(0, 3), ...frames.slice(6)])],
    ["a block left out", (frames) => signedAnew([...frames.slice(0, 3), ...frames.slice(6)])],
    ["a block twice", (frames) => signedAnew([...frames.slice(0, 3), ...frames.slice(0, 3), ...frames.slice(3)])],
    ["the records of another block", (frames) => signedAnew(frames.with(1, otherRecords(frames)))],
    ["no block", (frames) => frames.slice(-1)],
    ["half a block", (frames) => frames.slice(1)],
    ["no signature", (frames) => frames.slice(0, -1)],
    ["a stranger's signature", (frames) => frames.with(-1, stranger.sign(Uint8Array.of(1)))],
  ])("is refused with %s", async (_, lie) => {
    expect(await fetchFrom(lie)).toBeUndefined();
  });

  it("is refused in every byte of commits, results and events", async () => {
    const blocks = (await fetchFrom((frames) => frames))!;
    const at = blocks.findIndex(({ txs }) => txs.length > 0);
    const { bytes, recordBytes } = blocks[at]!;
    for (const [index, original] of [
      [at * 3, bytes],
      [at * 3 + 1, recordBytes],
    ] as const) {
      for (let byte = 0; byte < original.length; byte += 23) {
        const lie: Lie = (frames) => signedAnew(frames.with(index, original.with(byte, original[byte]! ^ 4)));
        expect(await fetchFrom(lie), `frame ${index}, byte ${byte}`).toBeUndefined();
      }
    }
  }, 60_000);

  it("is refused without validators with more than a third of the power who say the same", async () => {
    expect(await fetchFrom((frames) => frames, [])).toBeUndefined();
    expect(await fetchFrom((frames) => frames, town.nodes.slice(1, 2))).toBeDefined();
    const forged = (bytes: Uint8Array) => Buffer.from(bytes.length > 0 ? JSON.stringify({ signature: "ab".repeat(64) }) : "");
    expect(await fetchFrom((frames) => frames, town.nodes.slice(1, 3), forged)).toBeUndefined();
  });
});
