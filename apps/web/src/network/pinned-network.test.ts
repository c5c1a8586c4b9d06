import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { keepTrust, type PinnedNetwork, readPinned } from "./pinned-network.ts";

const pinned: PinnedNetwork = { chainId: "town", validatorsHash: "aa".repeat(32), genesisHash: "bb".repeat(32), since: 5, seenAt: 5 };
const followed = { ...pinned, validatorsHash: "cc".repeat(32), height: 9, seenAt: 90 };

const stored = new Map<string, string>();
let isFull = false;
beforeEach(() => {
  isFull = false;
  vi.stubGlobal("localStorage", {
    getItem: (name: string) => stored.get(name) ?? null,
    setItem(name: string, text: string) {
      if (isFull) throw new DOMException("full", "QuotaExceededError");
      stored.set(name, text);
    },
  });
  stored.set("galen.network", JSON.stringify(pinned));
});
afterEach(() => {
  vi.unstubAllGlobals();
});

it("begins where the validators were followed to", () => {
  keepTrust(pinned, followed);
  expect(readPinned()).toEqual(followed);
});

it("trusts founders from when they were met, also those who were kept without a time", () => {
  const { seenAt: _, ...undated } = pinned;
  stored.set("galen.network", JSON.stringify(undated));
  expect(readPinned()).toEqual(pinned);
});

it.each([
  ["whom another tab has followed further", { ...followed, height: 10 }],
  ["another network, which another tab has met", { ...pinned, genesisHash: "dd".repeat(32) }],
])("leaves %s", (_, other) => {
  stored.set("galen.network", JSON.stringify(other));
  keepTrust(pinned, followed);
  expect(readPinned()).toEqual(other);
});

it("goes on from the page's memory without storage that is full or closed", () => {
  isFull = true;
  keepTrust(pinned, followed);
  expect(readPinned()).toEqual(followed);
  vi.stubGlobal("localStorage", undefined);
  expect(() => keepTrust(pinned, { ...followed, height: 10 })).not.toThrow();
});
