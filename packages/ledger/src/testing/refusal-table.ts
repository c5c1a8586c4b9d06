import { beforeAll, expect, it } from "vitest";
import type { Message } from "../tx/transaction.ts";
import type { TestActor, TestChain } from "./chain.ts";

/** One transaction and the id of the refusal that it meets, undefined for none. */
export type RefusalCase = readonly [
  name: string,
  refusal: string | undefined,
  actors: readonly TestActor[],
  ...messages: readonly Message[],
];

/** Declares a test for each case: a dry run, through the whole pipeline, on the chain that `found` makes. No case changes the chain. */
export function refusalTable(found: () => Promise<TestChain>, cases: readonly RefusalCase[]): void {
  let chain: TestChain;
  beforeAll(async () => {
    chain = await found();
  });
  for (const [name, refusal, actors, ...messages] of cases) {
    it(`${name}: ${refusal ?? "done"}`, () => {
      expect(refusalOf(chain, actors, messages)).toBe(refusal);
    });
  }
}

/** What a dry run on the present state refuses the transaction for. */
export function refusalOf(chain: TestChain, actors: readonly TestActor[], messages: readonly Message[]): string | undefined {
  chain.ledger.resetCheck();
  return chain.ledger.checkTx(chain.ledger.prepare(chain.sign(actors, messages))).refusal?.id;
}
