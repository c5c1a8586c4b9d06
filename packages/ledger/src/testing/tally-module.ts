import { Type } from "typebox";
import { defineCollection } from "../app/collection.ts";
import { defineMessage, defineModule } from "../app/define-module.ts";
import { defineEvent } from "../app/events.ts";
import { parameters, validators } from "../app/parameters.ts";
import { defineErrors } from "../app/refusal.ts";
import type { LedgerVersion } from "../app/version.ts";
import { Integer, List, Text } from "../schema/types.ts";
import { errors as txErrors } from "../tx/errors.ts";

const Tally = Type.Object({ total: Integer(0, 1_000_000) });
const Added = Type.Object({ name: Text(32), total: Integer(0, 1_000_000) });
const LIMIT = 1_000;

/** `tally/totals/<name>`: what was added under a name. */
export const totals = defineCollection<[name: string], typeof Tally>("tally/totals", Tally);
export const added = defineEvent("tally.added", Added);
const errors = defineErrors("tally", 8_000, {
  TooMuch: [1, 409, "a tally holds at most 1000; begin another"],
  TooLittle: [2, 409, "a tally gives no more than it holds"],
});

/** The smallest module that can succeed, be refused, depend on order, and change what headers commit to. */
const tally = defineModule({
  name: "tally",
  messages: [
    defineMessage({
      type: "tally.add",
      summary: "Adds to a tally.",
      schema: Type.Object({ name: Text(32), amount: Integer(0, 1_000), padding: List(Text(1_000), { maxItems: 70 }) }),
      handle(ctx, { name, amount }) {
        const total = (totals.get(ctx, name)?.total ?? 0) + amount;
        if (total > LIMIT) throw errors.TooMuch({ name });
        totals.set(ctx, name, { total });
        ctx.emit(added({ name, total }));
      },
    }),
    defineMessage({
      type: "tally.take",
      summary: "Takes from a tally.",
      schema: Type.Object({ name: Text(32), amount: Integer(0, 1_000) }),
      handle(ctx, { name, amount }) {
        const total = (totals.get(ctx, name)?.total ?? 0) - amount;
        if (total < 0) throw errors.TooLittle({ name });
        totals.set(ctx, name, { total });
      },
    }),
    defineMessage({
      type: "tally.setBlockLimit",
      summary: "Changes the size of blocks.",
      schema: Type.Object({ maxBlockBytes: Integer(65_536, 16_777_216) }),
      handle: (ctx, change) => parameters.set(ctx, "current", { ...parameters.get(ctx, "current")!, ...change }),
    }),
    defineMessage({
      type: "tally.setValidators",
      summary: "Changes who decides.",
      schema: validators.schema,
      handle: (ctx, set) => validators.set(ctx, "current", set as never),
    }),
  ],
  queries: [],
  events: [added],
  errors,
  collections: [totals],
  invariants: {},
});

export const tallyVersion: LedgerVersion = {
  number: 1,
  modules: [tally],
  authenticate(_context, body, signatures) {
    if (!signatures.some(({ publicKey }) => publicKey === body.signers[0])) throw txErrors.Unauthorised();
  },
};
