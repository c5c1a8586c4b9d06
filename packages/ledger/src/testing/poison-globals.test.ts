import { expect, test } from "vitest";
import { withPoisonedGlobals } from "./poison-globals.ts";

const poisoned: readonly (readonly [name: string, use: () => unknown])[] = [
  ["Date", () => Date.now()],
  ["Date", () => new Date()],
  ["Math.random", () => Math.random()],
  ["Math.sqrt", () => Math.sqrt(2)],
  ["Intl", () => new Intl.Collator()],
  ["performance", () => performance.now()],
  ["setTimeout", () => setTimeout(() => undefined, 0)],
  ["queueMicrotask", () => queueMicrotask(() => undefined)],
  ["fetch", () => fetch("http://127.0.0.1:1/")],
  ["crypto", () => crypto.getRandomValues(new Uint8Array(1))],
  ["process", () => process.pid],
  ["Buffer", () => Buffer.from("a")],
  ["TextEncoder", () => new TextEncoder()],
  ["console", () => globalThis.console],
  ["String.prototype.localeCompare", () => "a".localeCompare("b")],
  ["String.prototype.normalize", () => "a".normalize("NFC")],
  ["Number.prototype.toFixed", () => (1).toFixed(2)],
];

test.each(poisoned)("%s throws inside and works again outside", (name, use) => {
  expect(() => withPoisonedGlobals(use)).toThrow(`${name} was used in a transition`);
  if (name !== "fetch") expect(use).not.toThrow();
});

test("exact arithmetic goes on, and the result is handed through", () => {
  expect(withPoisonedGlobals(() => Math.floor(7 / 2) + Math.max(1, 2) + [3, 1, 2].sort((a, b) => a - b).length)).toBe(8);
});

test("every property is as before, whether the action returns or throws", () => {
  const values = (): unknown[] =>
    poisoned.map(([name]) => name.split(".").reduce<unknown>((owner, key) => Reflect.get(owner as object, key), globalThis));
  const before = values();
  withPoisonedGlobals(() => undefined);
  expect(() => withPoisonedGlobals(() => Date.now())).toThrow();
  expect(values().map((value, index) => value === before[index])).not.toContain(false);
  expect(Object.getOwnPropertyDescriptor(globalThis, "Date")).toEqual({
    value: Date,
    writable: true,
    enumerable: false,
    configurable: true,
  });
});
