import { openLedger } from "@galen/ledger/app/ledger";
import { bytesField } from "@galen/ledger/block/protobuf";
import { concatBytes } from "@galen/ledger/crypto/bytes";
import { portableCrypto } from "@galen/ledger/crypto/portable";
import { encodeUtf8 } from "@galen/ledger/crypto/utf8";
import { createMemoryStore } from "@galen/ledger/store/memory";
import { tallyVersion } from "@galen/ledger/testing/tally-module";
import { expect, it } from "vitest";
import { testGenesis } from "../../embedded/testing/test-engine.ts";
import { methods } from "../abci/messages.ts";
import { createQuery } from "./query.ts";

const MINUS_ONE = [0x18, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01];
const LAST_HEIGHT: readonly number[] = [];

const utf8 = (text: string) => encodeUtf8(text)!;
const KEY = utf8("ledger/parameters/current");
const STATE = utf8("/state");

interface Asked {
  readonly key?: Uint8Array;
  readonly path?: Uint8Array;
  /** The field as it stands on the wire. */
  readonly height?: readonly number[];
}

// What somebody asks at CometBFT's own RPC it passes on as it is: an error instead of an answer would end the node.
it.each<[string, Asked, number]>([
  ["at the last height", {}, 0],
  ["at a height to come", { height: [0x18, 0x05] }, 2],
  ["at a height below zero", { height: MINUS_ONE }, 2],
  ["without a key", { key: utf8("") }, 3],
  ["for a key that is not ASCII", { key: utf8("schlüssel") }, 3],
  ["for a key that is no text", { key: Uint8Array.of(0xff) }, 3],
  ["for a key of more characters than any has", { key: utf8("k".repeat(1_025)) }, 3],
  ["at another path", { path: utf8("/store") }, 1],
  ["at a path that is no text", { path: Uint8Array.of(0xff) }, 1],
  ["at a path of 70,000 characters", { path: utf8("p".repeat(70_000)) }, 1],
])("a query %s is answered", async (_, { key = KEY, path = STATE, height = LAST_HEIGHT }, code) => {
  const ledger = await openLedger({ kv: createMemoryStore(), crypto: portableCrypto, versions: [tallyVersion], genesis: testGenesis });
  const asked = methods.query.request.decode(concatBytes([bytesField(1, key), bytesField(2, path), Uint8Array.from(height)]));
  expect(createQuery(ledger).query(asked)).toMatchObject({ code });
});
