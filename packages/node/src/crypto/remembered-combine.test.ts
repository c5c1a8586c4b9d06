import { scalarToBytes } from "@galen/ledger/crypto/group";
import { describeProvider } from "@galen/ledger/crypto/testing/describe-provider";
import { expect, it } from "vitest";
import { nativeCrypto } from "./native.ts";
import { rememberCombine } from "./remembered-combine.ts";

describeProvider("remembering", rememberCombine(nativeCrypto));

const { combine, multiplyBase } = nativeCrypto.ristretto255;
const scalars = [3n, 1n, 7n, 11n].map(scalarToBytes);
const points = [2n, 5n, 9n, 13n].map((secret) => multiplyBase(scalarToBytes(secret)));

/** A provider that counts, and the remembering one over it. */
function counted() {
  const calls: number[] = [];
  const ristretto255: typeof nativeCrypto.ristretto255 = {
    ...nativeCrypto.ristretto255,
    combine(...input) {
      calls.push(input[0].length);
      return combine(...input);
    },
  };
  return { calls, remembering: rememberCombine({ ...nativeCrypto, ristretto255 }).ristretto255 };
}

it("computes a sum once, and the same in another order or with another factor anew", () => {
  const { calls, remembering } = counted();
  const sum = combine(points, scalars);
  for (let round = 0; round < 3; round++) expect(remembering.combine(points, scalars)).toEqual(sum);
  expect(calls).toEqual([4]);
  expect(remembering.combine(points.toReversed(), scalars)).not.toEqual(sum);
  expect(remembering.combine(points, scalars.with(0, scalarToBytes(4n)))).not.toEqual(sum);
  expect(calls).toEqual([4, 4, 4]);
});

it("remembers a refusal, and never the same bytes cut elsewhere", () => {
  const { calls, remembering } = counted();
  const bad = points.with(2, new Uint8Array(32).fill(255));
  expect([remembering.combine(bad, scalars), remembering.combine(bad, scalars)]).toEqual([undefined, undefined]);
  expect(calls).toEqual([4]);
  const whole = Buffer.concat(points);
  const cut = [whole.subarray(0, 31), whole.subarray(31, 64), whole.subarray(64, 96), whole.subarray(96)];
  expect(remembering.combine(points, scalars)).toBeDefined();
  expect(remembering.combine(cut, scalars)).toBeUndefined();
});

it("gives a copy: whoever changes it changes no later answer", () => {
  const { remembering } = counted();
  remembering.combine(points, scalars)!.fill(0);
  expect(remembering.combine(points, scalars)).toEqual(combine(points, scalars));
});

it("forgets the oldest of very many", () => {
  const { calls, remembering } = counted();
  const ask = (number: number) => remembering.combine([points[0]!], [scalarToBytes(BigInt(number))]);
  for (let number = 1; number <= 8_193; number++) ask(number);
  expect(ask(8_193)).toEqual(ask(8_193));
  expect(calls).toHaveLength(8_193);
  ask(1);
  expect(calls).toHaveLength(8_194);
});
