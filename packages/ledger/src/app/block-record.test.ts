import { describe, expect, it } from "vitest";
import { encodeUtf8 } from "../crypto/utf8.ts";
import { createMemoryStore } from "../store/memory.ts";
import { readBlockTime, writeBlockTime } from "./block-record.ts";

describe("the time of the last block", () => {
  it.each([0, 1, 1_700_000_000_000, Number.MAX_SAFE_INTEGER])("is read as it was written: %i", async (time) => {
    const kv = createMemoryStore();
    await kv.write([writeBlockTime(time)]);
    expect(readBlockTime(kv)).toBe(time);
  });

  it("is unknown in an empty store", () => {
    expect(readBlockTime(createMemoryStore())).toBeUndefined();
  });

  // A replay window that is opened at no number lets executed bodies pass again.
  it.each(["", "zz", "1x", "-1", "01", "0x1", "1F", " 1", "20000000000000", "100000000000000"])(
    "is damaged when it reads %j",
    async (text) => {
      const kv = createMemoryStore();
      await kv.write([{ key: encodeUtf8("m/block-time")!, value: encodeUtf8(text)! }]);
      expect(() => readBlockTime(kv)).toThrow("damaged");
    },
  );
});
