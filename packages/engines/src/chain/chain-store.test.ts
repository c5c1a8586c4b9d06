import { openLedger } from "@galen/ledger/app/ledger";
import { fromMilliseconds, toMilliseconds } from "@galen/ledger/block/timestamp";
import { bytesToHex } from "@galen/ledger/crypto/hex";
import { portableCrypto } from "@galen/ledger/crypto/portable";
import { createMemoryStore } from "@galen/ledger/store/memory";
import { tallyVersion } from "@galen/ledger/testing/tally-module";
import { describe, expect, it } from "vitest";
import { proposeBlock, signProposal } from "../embedded/proposal.ts";
import { addTx, GENESIS_TIME, testGenesis } from "../embedded/testing/test-engine.ts";
import { encodeBlockRecord } from "./block-record.ts";
import { type BlockToKeep, blockWrites, openChainStore, type PastBlock, pastBlockWrites } from "./chain-store.ts";
import { advanceTip, genesisTip } from "./tip.ts";

const { sha256 } = portableCrypto;
const hashOf = (tx: Uint8Array) => bytesToHex(sha256(tx));
const MINUTE_MS = 60_000;
const signature = () => new Uint8Array(64);

/** Blocks with these transactions, a minute apart, and what they did. */
async function chainOf(blocks: readonly (readonly Uint8Array[])[]): Promise<BlockToKeep[]> {
  const ledger = await openLedger({ kv: createMemoryStore(), crypto: portableCrypto, versions: [tallyVersion], genesis: testGenesis });
  const kept: BlockToKeep[] = [];
  let before = genesisTip(testGenesis, ledger.appHash, sha256);
  for (const transactions of blocks) {
    const txs = transactions.map((bytes) => ({ bytes, txHash: hashOf(bytes) }));
    const proposal = proposeBlock(before, txs, sha256);
    const { header, id, bytes } = proposal;
    const facts = { hash: bytesToHex(id.hash), votes: [], misbehavior: [] };
    const block = { ...facts, height: header.height, time: toMilliseconds(header.time), txs: transactions };
    const record = { ...ledger.finalizeBlock(block), maxBlockBytes: testGenesis.parameters.maxBlockBytes };
    const { commit } = await signProposal(proposal, fromMilliseconds(GENESIS_TIME + header.height * MINUTE_MS), signature);
    const after = advanceTip(before, { header, commit }, record, sha256);
    kept.push({ before, after, bytes, txs, record });
    before = after;
  }
  return kept;
}

function pastOf({ before, after: { header, commit }, bytes, txs, record }: BlockToKeep): PastBlock {
  return { header: header!, commit, bytes, txs, record, recordBytes: encodeBlockRecord(record), validators: before.validators };
}

type Block = BlockToKeep;

/** The ways on which blocks come into a store. */
const ways: readonly [string, (blocks: readonly Block[]) => readonly (readonly Block[])[], "executed" | "fetched"][] = [
  ["as they are executed", (blocks) => blocks.map((block) => [block]), "executed"],
  ["from peers, one by one", (blocks) => blocks.map((block) => [block]).reverse(), "fetched"],
  ["from peers, all at once", (blocks) => [[...blocks].reverse()], "fetched"],
];

describe.each(ways)("of blocks that come %s", (_, inPortions, come) => {
  async function storeOf(blocks: readonly (readonly Uint8Array[])[]) {
    const kv = createMemoryStore();
    const store = openChainStore(kv, [tallyVersion]);
    for (const portion of inPortions(await chainOf(blocks)))
      await kv.write(come === "executed" ? blockWrites(portion[0]!, store) : pastBlockWrites(portion.map(pastOf), store));
    return store;
  }

  const tx = addTx("a", 10);
  const other = addTx("b", 10);
  const early = addTx("a", 10, { expiresAt: GENESIS_TIME + testGenesis.parameters.maxTransactionLifetimeMs + MINUTE_MS });
  const [much, tooMuch] = [addTx("a", 900), addTx("a", 900)];
  it.each<[string, Uint8Array, readonly (readonly Uint8Array[])[], number, string | undefined]>([
    ["one that executed", tx, [[other], [tx], []], 2, undefined],
    ["one whose bytes a proposer put into a later block, too", tx, [[tx], [other, tx], [tx]], 1, undefined],
    ["one that was turned away before it executed", early, [[early], [other, early], [early]], 2, undefined],
    ["one that was only turned away", early, [[early], []], 1, "tx/ExpiryTooFar"],
    ["one that a message's rule refused, and that came again", tooMuch, [[much, tooMuch], [tooMuch]], 1, "tally/TooMuch"],
  ])("%s is told where it did what it did", async (_, asked, blocks, height, refusal) => {
    const found = (await storeOf(blocks)).tx(hashOf(asked));
    expect([found?.height, found?.result.refusal?.id]).toEqual([height, refusal]);
  });
});

it("makes of a block's events only those of the transaction that is asked for", async () => {
  const [asked, other] = [addTx("a", 10), addTx("b", 10)];
  const [block] = await chainOf([[other, asked]]);
  const kv = createMemoryStore();
  const store = openChainStore(kv, [tallyVersion]);
  const [first, second] = block!.record.txResults;
  const leaf = new TextEncoder().encode("tally.unknown\0");
  const strange = { ...first!, events: first!.events.map((event) => ({ ...event, leaf })) };
  await kv.write(blockWrites({ ...block!, record: { ...block!.record, txResults: [strange, second!] } }, store));
  expect(() => store.record(1)).toThrow("tally.unknown");
  expect(() => store.tx(hashOf(other))).toThrow("tally.unknown");
  expect(store.tx(hashOf(asked))?.result).toEqual(second);
  expect(store.outcomes(1)).toMatchObject([first!, second!].map(({ code, data }) => ({ code, data })));
  expect(store.outcomes(2)).toBeUndefined();
});
