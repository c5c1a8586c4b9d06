import { consensusResult } from "@galen/engines/chain/tip";
import {
  addTx,
  createTestDisk,
  openTestEngine,
  settled,
  signedTx,
  testGenesis,
  validatorKey,
} from "@galen/engines/embedded/testing/test-engine";
import { proveTx } from "@galen/ledger/block/data";
import { headerHash } from "@galen/ledger/block/header";
import { proveResult } from "@galen/ledger/block/results";
import { portableCrypto } from "@galen/ledger/crypto/portable";
import { createLightClient, type LightProvider, txProofFault } from "@galen/sdk/light/index";
import { expect, it } from "vitest";

const { sha256 } = portableCrypto;

/** An engine whose chain has transactions and two changes of voting power, and a light client that trusts its first block. */
async function createChain() {
  const test = await openTestEngine(createTestDisk());
  const { engine } = test;
  for (const power of [25, 7]) {
    const set = { validators: [{ publicKey: validatorKey.publicKey, power }] };
    await engine.submitAndWait(signedTx("ann", [{ type: "tally.setValidators", value: set }]));
    await Promise.all(["a", "b", "c"].map((name) => engine.submitAndWait(addTx(name))));
    await settled(test);
  }
  const provider: LightProvider = {
    signedHeader: async (height) => engine.commit(height),
    validators: async (height) => engine.validators(height),
  };
  const light = createLightClient({
    ...{ chainId: testGenesis.chainId, provider, crypto: portableCrypto, trustingPeriodMs: 3_600_000, now: () => test.now },
    trust: { height: 1, hash: headerHash(engine.header(1)!, sha256) },
  });
  return { engine, light };
}

it("is accepted by the light client, header after header and by leaps", async () => {
  const { engine, light } = await createChain();
  const { height } = engine.status();
  expect(await light.verifyToHeight(height)).toMatchObject({ verdict: "ok", header: engine.header(height) });
  for (let at = 1; at < height; at++) expect(await light.verifyToHeight(at)).toMatchObject({ verdict: "ok", header: engine.header(at) });
});

it("proves transactions and their results under its headers", async () => {
  const { engine } = await createChain();
  const { height } = engine.status();
  for (let at = 1; at < height; at++) {
    const { txs } = engine.block(at)!.data;
    const results = engine.results(at)!.txResults.map(consensusResult);
    for (const [index, tx] of txs.entries()) {
      const proof = {
        header: engine.header(at)!,
        tx,
        txInclusion: proveTx(txs, index, sha256),
        result: results[index]!,
        resultInclusion: proveResult(results, index, sha256),
      };
      expect(txProofFault(proof, engine.header(at + 1)!, portableCrypto)).toBeUndefined();
      expect(txProofFault({ ...proof, result: { ...proof.result, code: 9 } }, engine.header(at + 1)!, portableCrypto)).toBe(
        "result-not-in-block",
      );
    }
  }
});
