import fc from "fast-check";
import { expect, it } from "vitest";
import { expectDone, foundingBy, foundingVersion, testAccount } from "../../testing/actors.ts";
import { ask } from "../../testing/ask.ts";
import { createTestChain, testBytes } from "../../testing/chain.ts";
import { modelRuns, modelTimeout } from "../../testing/model-runs.ts";
import { apply, operation, type Stated } from "./anchors.model.ts";
import { anchorsModule } from "./index.ts";

const version = { ...foundingVersion, modules: [...foundingVersion.modules, anchorsModule] };
const organisation = { kind: "organisation" } as const;
const cast = { north: testAccount("north", organisation), east: testAccount("east", organisation), ann: testAccount("ann") };

it("the list is what members stated of final blocks, in order, whatever is tried", { timeout: modelTimeout(60_000) }, async () => {
  const seen = new Set<string | undefined>();
  const run = async (operations: Parameters<typeof apply>[1][]) => {
    const chain = await createTestChain({ version, modules: foundingBy(cast.north, cast.east) });
    await expectDone(chain.run(cast.ann, cast.ann.create));
    for (let block = 0; block < 3; block++) await chain.advance(1_000);
    const stated: Stated[] = [];
    for (const one of operations) {
      const height = chain.ledger.height + 1;
      const expected = apply(stated, one, height);
      const value = { height: height - one.back, headerHash: testBytes(one.place, 32), place: one.place };
      expect((await chain.run(cast[one.signer], { type: "anchors.record", value })).refusal?.id).toBe(expected);
      seen.add(expected);
    }
    const { total, anchors } = ask(chain, "anchors.list", { limit: 64 }) as { total: number; anchors: Record<string, unknown>[] };
    expect(total).toBe(stated.length);
    const accounts = stated.map(({ signer, ...rest }) => ({ organisation: cast[signer as keyof typeof cast].account, ...rest }));
    expect(anchors.reverse()).toMatchObject(accounts);
    await chain.checkInvariants();
    await chain.checkReplay();
  };
  await fc.assert(fc.asyncProperty(fc.array(operation, { minLength: 10, maxLength: 40, size: "max" }), run), modelRuns(10, 1));
  expect(seen).toEqual(new Set([undefined, "anchors/NotMember", "anchors/NotFinal"]));
});
