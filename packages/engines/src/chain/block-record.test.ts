import { concatBytes } from "@galen/ledger/crypto/bytes";
import { ARRAY, createCborWriter } from "@galen/ledger/schema/cbor-writer";
import { SchemaError } from "@galen/ledger/schema/schema-error";
import { expect, it } from "vitest";
import { type BlockRecord, decodeBlockRecord, encodeBlockRecord } from "./block-record.ts";

const record: BlockRecord = {
  appHash: new Uint8Array(32),
  appVersion: 1,
  maxBlockBytes: 9,
  validatorUpdates: [],
  events: [],
  txResults: [],
};
const LISTS = ["validator updates", "events", "results"] as const;

function listHead(count: number): Uint8Array {
  const writer = createCborWriter(9);
  writer.head(ARRAY, count);
  return writer.finish();
}

/** The record cut off at one of its lists, which claims to hold `count`. */
function claiming(count: number, list: (typeof LISTS)[number]): Uint8Array {
  const bytes = encodeBlockRecord(record);
  return concatBytes([bytes.subarray(0, bytes.length - LISTS.length + LISTS.indexOf(list)), listHead(count)]);
}

function refusalOf(bytes: Uint8Array): unknown {
  try {
    return decodeBlockRecord(bytes, () => expect.unreachable("no event is there"));
  } catch (error) {
    return error;
  }
}

it.each(LISTS)("a record that claims more %s than it has bytes is refused before it takes memory for them", (list) => {
  for (const count of [32_000_000, 2 ** 40]) {
    const bytes = claiming(count, list);
    const before = process.memoryUsage().rss;
    expect(refusalOf(bytes)).toBeInstanceOf(SchemaError);
    expect(process.memoryUsage().rss - before).toBeLessThan(50e6);
  }
});
