import { Type } from "typebox";
import { expect, it } from "vitest";
import { Integer, Text } from "../schema/types.ts";
import { createTestChain, testBytes, testKey } from "../testing/chain.ts";
import { defineCollection } from "./collection.ts";
import { defineMessage, defineModule } from "./define-module.ts";

const Ward = Type.Object({ beds: Integer(0, 100) });
const wards = defineCollection<[name: string], typeof Ward>("hospital/wards", Ward);

const hospital = defineModule({
  name: "hospital",
  messages: [
    defineMessage({
      type: "hospital.furnish",
      summary: "Sets the number of beds of a ward.",
      schema: Type.Object({ name: Text(16), beds: Integer(0, 100) }),
      handle: (ctx, { name, beds }) => wards.set(ctx, name, { beds }),
    }),
  ],
  queries: [],
  events: [],
  errors: {},
  collections: [wards],
  invariants: {
    "20 beds at most": (audit) => {
      const total = [...audit.all(wards)].reduce((sum, [, ward]) => sum + ward.beds, 0);
      if (total > 20) throw new Error(`${total} beds`);
    },
  },
});

it("walks whole collections and names the rule that does not hold", async () => {
  const chain = await createTestChain({ version: { number: 1, modules: [hospital], authenticate: () => {} } });
  const actor = { account: testBytes("porter"), keys: [testKey("porter")] };
  const furnish = (name: string, beds: number) => chain.run(actor, { type: "hospital.furnish", value: { name, beds } });

  await furnish("east", 12);
  await expect(chain.checkInvariants()).resolves.toBeUndefined();
  await furnish("west", 9);
  await expect(chain.checkInvariants()).rejects.toThrow('hospital: "20 beds at most" does not hold at height 2');
  await expect(chain.checkReplay()).resolves.toBeUndefined();
});
