import { type ExactNumber, exactNumber } from "@galen/gateway";

/** A stream of choices that is the same for the same seed, on every machine. Not for secrets. */
export interface Random {
  /** A whole number from `min` to `max`, both included. */
  integer(min: number, max: number): number;
  /** A number from `min` to `max` with exactly this many digits after the point, as a laboratory writes it (`5.40`). */
  decimal(min: number, max: number, digits: number): number | ExactNumber;
  pick<T>(list: readonly T[]): T;
  /** True in `percent` of 100 cases. */
  chance(percent: number): boolean;
  /** A version 4 UUID by form. */
  uuid(): string;
}

/** Stream for a seed text: sfc32 (Chris Doty-Humphrey, PractRand), its state filled by FNV-1a over the text. */
export function createRandom(seed: string): Random {
  const next = sfc32([fnv1a(`a${seed}`), fnv1a(`b${seed}`), fnv1a(`c${seed}`), 1]);
  for (let round = 0; round < 12; round += 1) next();

  const integer = (min: number, max: number) => min + Math.floor((next() / 2 ** 32) * (max - min + 1));
  const hex = (digits: number) => Array.from({ length: digits }, () => integer(0, 15).toString(16)).join("");
  return {
    integer,
    decimal: (min, max, digits) =>
      exactNumber((integer(Math.round(min * 10 ** digits), Math.round(max * 10 ** digits)) / 10 ** digits).toFixed(digits)),
    pick: (list) => {
      const item = list[integer(0, list.length - 1)];
      if (item === undefined) throw new Error("nothing to pick from");
      return item;
    },
    chance: (percent) => integer(1, 100) <= percent,
    uuid: () => `${hex(8)}-${hex(4)}-4${hex(3)}-a${hex(3)}-${hex(12)}`,
  };
}

function fnv1a(text: string): number {
  let hash = 0x811c9dc5;
  for (const byte of new TextEncoder().encode(text)) hash = Math.imul(hash ^ byte, 0x01000193);
  return hash >>> 0;
}

function sfc32(seed: readonly [number, number, number, number]): () => number {
  let [a, b, c, counter] = seed;
  return () => {
    const sum = (a + b + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (((c << 21) | (c >>> 11)) + sum) | 0;
    return sum >>> 0;
  };
}
