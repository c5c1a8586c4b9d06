import { Block, blockId } from "@galen/ledger/block/block";
import type { BlockId } from "@galen/ledger/block/block-id";
import { hexToBytes } from "@galen/ledger/crypto/hex";
import { portableCrypto } from "@galen/ledger/crypto/portable";
import { testKey } from "@galen/ledger/testing/chain";
import { beforeAll, describe, expect, it } from "vitest";
import { addTx, createTestDisk, openTestEngine, settled } from "../embedded/testing/test-engine.ts";
import { type IdentifiedBlock, isIdOf } from "./signed-id.ts";

const byHeight = new Map<number, IdentifiedBlock>();
beforeAll(async () => {
  const test = await openTestEngine(createTestDisk());
  await test.engine.submitAndWait(addTx("a"));
  await settled(test);
  for (const height of [1, 2]) {
    const [bytes, validators] = [test.store.blockBytes(height)!, (await test.store.validators(height))!];
    byHeight.set(height, { block: Block.decode(bytes), bytes, validators });
  }
});

const idOf = ({ block, bytes }: IdentifiedBlock) => blockId(block.header, bytes, portableCrypto.sha256);
/** The id of the same block in other bytes. */
const oddly = (id: BlockId): BlockId => ({ ...id, parts: { total: 2, hash: new Uint8Array(32).fill(7) } });
const stranger = { publicKey: hexToBytes(testKey("stranger").publicKey)!, power: 10n };

function withCommit(identified: IdentifiedBlock, changes: Partial<Block["lastCommit"]>): IdentifiedBlock {
  const block = { ...identified.block, lastCommit: { ...identified.block.lastCommit, ...changes } };
  return { ...identified, block, bytes: Block.encode(block) };
}

describe("a signed id", () => {
  it.each([1, 2])("is that of block %i in its own bytes, and in others", (height) => {
    const identified = byHeight.get(height)!;
    const id = idOf(identified);
    expect(isIdOf(id, identified, portableCrypto)).toBe(true);
    expect(isIdOf(oddly(id), identified, portableCrypto)).toBe(true);
    expect(isIdOf({ ...id, hash: new Uint8Array(32) }, identified, portableCrypto)).toBe(false);
  });

  const cases: readonly [name: string, height: number, change: (identified: IdentifiedBlock) => IdentifiedBlock][] = [
    ["a last commit of another round", 2, (identified) => withCommit(identified, { round: 1 })],
    ["a last commit of another height", 2, (identified) => withCommit(identified, { height: 2 })],
    ["a last commit for another block", 2, (identified) => withCommit(identified, { blockId: oddly(identified.block.lastCommit.blockId) })],
    ["a last commit that nobody who is known has signed", 2, (identified) => ({ ...identified, validators: [stranger] })],
    ["a last commit where there is no block before", 1, (identified) => withCommit(identified, { round: 1 })],
  ];
  it.each(cases)("in other bytes is not that of a block with %s", (_, height, change) => {
    const identified = byHeight.get(height)!;
    expect(isIdOf(oddly(idOf(identified)), change(identified), portableCrypto)).toBe(false);
  });
});
