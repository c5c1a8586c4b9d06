import { describe, expect, test } from "vitest";
import { createOverlay } from "./overlay.ts";

const [one, two] = [Uint8Array.of(1), Uint8Array.of(2)];

function createBlock() {
  const state = new Map([
    ["kept", one],
    ["deleted", one],
  ]);
  return createOverlay({ get: (key) => state.get(key) });
}

describe("an overlay", () => {
  test("shows its own changes over what lies below", () => {
    const block = createBlock();
    block.set("kept", two);
    block.set("new", two);
    block.delete("deleted");
    expect(["kept", "new", "deleted", "never"].map((key) => block.get(key))).toEqual([two, two, undefined, undefined]);
  });

  test("changes what lies below only when merged", () => {
    const block = createBlock();
    const transaction = createOverlay(block);
    transaction.set("new", two);
    transaction.delete("kept");
    expect([block.get("new"), block.get("kept"), block.changes.size]).toEqual([undefined, one, 0]);
    transaction.mergeInto(block);
    expect([...block.changes]).toEqual([
      ["new", two],
      ["kept", undefined],
    ]);
  });

  test("leaves no trace when cleared", () => {
    const block = createBlock();
    const transaction = createOverlay(block);
    transaction.delete("kept");
    transaction.set("new", two);
    transaction.clear();
    transaction.mergeInto(block);
    expect([transaction.get("kept"), block.changes.size]).toEqual([one, 0]);
  });

  test("remembers the last change of a key and that it was deleted", () => {
    const block = createBlock();
    block.set("new", one);
    block.delete("new");
    expect([block.get("new"), block.changes.has("new")]).toEqual([undefined, true]);
    block.set("new", two);
    expect(block.get("new")).toBe(two);
  });
});
