import { portableCrypto } from "@galen/ledger/crypto/portable";
import { isSolution, solutionBytes } from "@galen/ledger/modules/validators/work";
import { testBytes } from "@galen/ledger/testing/chain";
import { describe, expect, it } from "vitest";
import { findSolutions } from "./find-solutions.ts";
import { openSearchThreads } from "./search-threads.ts";

const puzzle = { challenge: testBytes("challenge"), publicKey: testBytes("key") };

describe("the search", () => {
  it.each([1, 2, 3, 50, 1_000])("finds exactly what the ledger counts at difficulty %i", (difficulty) => {
    const all = Array.from({ length: 3_000 }, (_, nonce) => nonce);
    const counted = all.filter((nonce) => isSolution(portableCrypto.sha256(solutionBytes({ ...puzzle, nonce })), difficulty));
    expect(findSolutions({ ...puzzle, difficulty, from: 0, to: 3_000 })).toEqual(counted);
  });

  it("writes nonces above 2^32 as the ledger does", () => {
    const from = 2 ** 40 + 5;
    const [first] = findSolutions({ ...puzzle, difficulty: 4, from, to: from + 200 });
    expect(isSolution(portableCrypto.sha256(solutionBytes({ ...puzzle, nonce: first! })), 4)).toBe(true);
  });

  it("comes to the same in threads, in ascending order", async () => {
    const threads = openSearchThreads(3);
    const search = { ...puzzle, difficulty: 20, from: 7, to: 10_000 };
    expect(await threads.search(search)).toEqual(findSolutions(search));
    expect(await threads.search({ ...search, from: 0, to: 2 })).toEqual(findSolutions({ ...search, from: 0, to: 2 }));
    await threads.close();
  });
});
