import { expect, it } from "vitest";
import { createKept } from "./kept.ts";

const forbidden = () => {
  throw new DOMException("The operation is insecure.", "SecurityError");
};

/** What a browser gives; one that is full takes nothing more. */
function storageOf(texts: Map<string, string>, isFull = false): Storage {
  return {
    getItem: (name: string) => texts.get(name) ?? null,
    setItem: (name: string, text: string) => (isFull ? forbidden() : texts.set(name, text)),
    removeItem: (name: string) => texts.delete(name),
  } as unknown as Storage;
}

it.each<readonly [string, () => Storage, stored: string | undefined]>([
  ["gives a storage", () => storageOf(stored), "zh-CN"],
  ["forbids storages", forbidden, undefined],
  ["is full", () => storageOf(stored, true), undefined],
])("keeps a text where the browser %s", (_, given, inStorage) => {
  stored.clear();
  const kept = createKept(given);
  expect(kept.get("language")).toBe(null);
  kept.set("language", "zh-CN");
  expect([kept.get("language"), stored.get("language")]).toEqual(["zh-CN", inStorage]);
  kept.remove("language");
  expect([kept.get("language"), stored.size]).toEqual([null, 0]);
});

const stored = new Map<string, string>();
