import { openLedger } from "@galen/ledger/app/ledger";
import { portableCrypto } from "@galen/ledger/crypto/portable";
import { encodeUtf8 } from "@galen/ledger/crypto/utf8";
import { createMemoryStore } from "@galen/ledger/store/memory";
import { tallyVersion } from "@galen/ledger/testing/tally-module";
import { expect, it } from "vitest";
import { testGenesis } from "../../embedded/testing/test-engine.ts";
import { methods } from "../abci/messages.ts";
import { createQuery } from "./query.ts";

const MINUS_ONE = [0x18, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01];

it.each<[string, readonly number[], number]>([
  ["the last height", [], 0],
  ["a height to come", [0x18, 0x05], 2],
  ["a height below zero, as CometBFT's own RPC passes it on", MINUS_ONE, 2],
])("a query at %s is answered", async (_, height, code) => {
  const ledger = await openLedger({ kv: createMemoryStore(), crypto: portableCrypto, versions: [tallyVersion], genesis: testGenesis });
  const request = { data: encodeUtf8("ledger/parameters/current")!, path: "/state", height: 0, prove: false };
  const asked = methods.query.request.decode(Uint8Array.from([...methods.query.request.encode(request), ...height]));
  expect(createQuery(ledger).query(asked)).toMatchObject({ code });
});
