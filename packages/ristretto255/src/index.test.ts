import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { GENERATOR, scalarField, scalarFromUniform, scalarToBytes } from "@galen/ledger/crypto/group";
import { portableCrypto } from "@galen/ledger/crypto/portable";
import { describeProvider } from "@galen/ledger/crypto/testing/describe-provider";
import fc from "fast-check";
import { expect, it } from "vitest";
import { openRistretto255 } from "./index.ts";

const file = (name: string) => readFileSync(new URL(`../${name}`, import.meta.url));
const group = openRistretto255(file("ristretto255.wasm"));
describeProvider("curve25519-dalek", { ...portableCrypto, ristretto255: group });

const ORDER = scalarField.ORDER;
const reference = portableCrypto.ristretto255;
const one = scalarToBytes(1n);
const scalars = fc.oneof(
  fc.constantFrom(new Uint8Array(32), one, scalarToBytes(2n), scalarToBytes((1n << 128n) - 1n)),
  fc.uint8Array({ minLength: 64, maxLength: 64 }).map((bytes) => scalarToBytes(scalarFromUniform(bytes))),
);
const points = fc.oneof(
  fc.constantFrom(GENERATOR, reference.multiplyBase(scalarToBytes(3n))),
  scalars.filter((scalar) => scalar.some((byte) => byte !== 0)).map((scalar) => reference.multiplyBase(scalar)),
  fc.constantFrom(new Uint8Array(32), new Uint8Array(32).fill(255), new Uint8Array(31)),
);

it("sums as the reference does, whatever the terms, and says undefined for the same ones", () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(points, scalars), { maxLength: 12 }), (terms) => {
      const [of, by] = [terms.map(([point]) => point), terms.map(([, scalar]) => scalar)];
      expect(group.combine(of, by)).toEqual(reference.combine(of, by));
    }),
    { numRuns: 300 },
  );
});

it("sums as many multiples as Pippenger's method begins with, and goes on after the memory has grown", () => {
  const many = Array.from({ length: 2_000 }, (_, index) => scalarToBytes(BigInt(index + 2) ** 20n));
  const of = many.map((scalar) => group.multiplyBase(scalar));
  const total = scalarToBytes(many.reduce((sum, _, index) => (sum + BigInt(index + 2) ** 40n) % ORDER, 0n));
  expect(group.combine(of, many)).toEqual(group.multiplyBase(total));
  expect(group.multiply(of[7]!, many[3]!)).toEqual(reference.multiply(of[7]!, many[3]!));
});

it("leaves no scalar behind in its memory", () => {
  const instances: WebAssembly.Instance[] = [];
  const Observed = class extends WebAssembly.Instance {
    constructor(module: WebAssembly.Module) {
      super(module);
      instances.push(this);
    }
  };
  const { Instance } = WebAssembly;
  WebAssembly.Instance = Observed;
  try {
    const secret = scalarToBytes(0x0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcden);
    const watched = openRistretto255(file("ristretto255.wasm"));
    watched.multiply(watched.multiplyBase(secret), secret);
    const { buffer } = instances[0]!.exports.memory as WebAssembly.Memory;
    expect(Buffer.from(buffer).includes(Buffer.from(secret))).toBe(false);
  } finally {
    WebAssembly.Instance = Instance;
  }
});

it("is the module that was built from this source", () => {
  const builtFrom = JSON.parse(file("built-from.json").toString()) as Record<string, string>;
  for (const [name, sha256] of Object.entries(builtFrom))
    expect([name, createHash("sha256").update(file(name)).digest("hex")]).toEqual([name, sha256]);
  expect(Object.keys(builtFrom)).toHaveLength(4);
});
