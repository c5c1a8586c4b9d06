import { assertInvariants } from "../app/audit.ts";
import type { WriteContext } from "../app/context.ts";
import type { Write } from "../store/kv.ts";
import { createMemoryStore } from "../store/memory.ts";
import { createOverlay } from "../store/overlay.ts";
import { VALUES, valueKey } from "../store/state-head.ts";
import type { TestChain } from "./chain.ts";

/** Checks the invariants of all modules over what is left of a chain's durable state after `damage`, which no handler could do. The chain stays as it is. */
export async function auditDamaged({ ledger, kv }: TestChain, damage: (ctx: Pick<WriteContext, "state">) => void): Promise<void> {
  const context = ledger.read();
  const state = createOverlay(context.state);
  damage({ state });
  const writes: Write[] = [];
  for await (const [key, value] of kv.range(VALUES)) writes.push({ key, value });
  for (const [key, value] of state.changes) writes.push({ key: valueKey(key), value });
  const damaged = createMemoryStore();
  await damaged.write(writes);
  await assertInvariants(ledger.version.modules, { ...context, state }, damaged);
}
