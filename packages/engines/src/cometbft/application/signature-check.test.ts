import { openLedger } from "@galen/ledger/app/ledger";
import { portableCrypto } from "@galen/ledger/crypto/portable";
import { createMemoryStore } from "@galen/ledger/store/memory";
import { tallyVersion } from "@galen/ledger/testing/tally-module";
import { expect, it } from "vitest";
import { addTx, testGenesis } from "../../embedded/testing/test-engine.ts";
import { createSignatureCheck } from "./signature-check.ts";

const [first, second, none] = [addTx("a"), addTx("b"), Uint8Array.of(1)];

it.each<[string, readonly Uint8Array[], number, number]>([
  ["all signatures of a block", [first, second], 2, 2],
  ["nothing behind what is no transaction: with it, a million more make a proposal no worse", [first, none, second, none], 2, 1],
])("verifies %s", async (_, txs, decodedTxs, verifiedTxs) => {
  const ledger = await openLedger({ kv: createMemoryStore(), crypto: portableCrypto, versions: [tallyVersion], genesis: testGenesis });
  const [decoded, verified]: [Uint8Array[], Uint8Array[]] = [[], []];
  const counting = {
    ...ledger,
    prepare(bytes: Uint8Array) {
      decoded.push(bytes);
      return ledger.prepare(bytes);
    },
  };
  const check = createSignatureCheck(counting, async (bytes) => verified.push(bytes) > 0);
  await check.verifyAll(txs);
  expect([decoded.length, verified.length]).toEqual([decodedTxs, verifiedTxs]);
});
