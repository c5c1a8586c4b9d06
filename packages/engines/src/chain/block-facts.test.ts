import { type Block, type Ledger, openLedger } from "@galen/ledger/app/ledger";
import { validatorAddress } from "@galen/ledger/block/validator";
import { bytesToHex, hexToBytes } from "@galen/ledger/crypto/hex";
import { portableCrypto } from "@galen/ledger/crypto/portable";
import type { KeyValueStore } from "@galen/ledger/store/kv";
import { createMemoryStore } from "@galen/ledger/store/memory";
import { tallyVersion } from "@galen/ledger/testing/tally-module";
import { expect, it } from "vitest";
import { addTx, createTestDisk, openTestEngine, settled, signedTx, testGenesis, validatorKey } from "../embedded/testing/test-engine.ts";
import { replayChain } from "./replay-chain.ts";

/** A ledger that notes every block it is given. */
async function openListeningLedger(kv: KeyValueStore, heard: Block[]): Promise<Ledger> {
  const ledger = await openLedger({ kv, crypto: portableCrypto, versions: [tallyVersion], genesis: testGenesis });
  return new Proxy(ledger, {
    get(target, name) {
      if (name !== "finalizeBlock") return Reflect.get(target, name);
      return (block: Block) => {
        heard.push(block);
        return target.finalizeBlock(block);
      };
    },
  });
}

it("tells the ledger hash and votes of every block, after a restart and in a replay the same", async () => {
  const [disk, told, again] = [createTestDisk(), [] as Block[], [] as Block[]];
  const set = { validators: [{ publicKey: validatorKey.publicKey, power: 25 }] };
  const first = await openTestEngine(disk, { ledger: await openListeningLedger(disk.kv, told) });
  await first.engine.submitAndWait(signedTx("ann", [{ type: "tally.setValidators", value: set }]));
  await first.engine.submitAndWait(addTx("a"));
  await settled(first);
  await first.engine.stop();
  const second = await openTestEngine(disk, { ledger: await openListeningLedger(disk.kv, told) });
  await second.engine.submitAndWait(addTx("b"));
  await settled(second);

  const { height } = second.engine.status();
  const address = bytesToHex(validatorAddress(hexToBytes(validatorKey.publicKey)!, portableCrypto.sha256));
  const facts = told.map(({ hash, votes, misbehavior }) => ({ hash, votes, misbehavior }));
  expect(facts.map(({ hash }) => hash)).toEqual(told.map((_, at) => bytesToHex(second.engine.commit(at + 1)!.commit.blockId.hash)));
  expect(facts.map(({ votes }) => votes.map(({ power }) => power))).toEqual([[], [10], [10], [10], ...Array(height - 4).fill([25])]);
  expect(facts.slice(1).every(({ votes }) => votes[0]!.address === address && votes[0]!.signed)).toBe(true);

  const openFreshLedger = () => openListeningLedger(createMemoryStore(), again);
  for await (const { isEqual } of replayChain({ store: second.store, crypto: portableCrypto, height, openFreshLedger }))
    expect(isEqual).toBe(true);
  expect(again.map(({ hash, votes, misbehavior }) => ({ hash, votes, misbehavior }))).toEqual(facts);
});
