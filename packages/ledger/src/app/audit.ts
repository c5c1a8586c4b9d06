import type { KeyValueStore } from "../store/kv.ts";
import { VALUES } from "../store/state-head.ts";
import type { AuditContext, ReadContext } from "./context.ts";
import type { Module } from "./define-module.ts";

/** Checks the invariants of all modules over the durable state. Throws Error with module and rule of the first that does not hold. */
export async function assertInvariants(modules: readonly Module[], context: ReadContext, kv: KeyValueStore): Promise<void> {
  const audit = await openAudit(context, kv);
  for (const { name, invariants } of modules) {
    for (const [rule, check] of Object.entries(invariants)) {
      try {
        check(audit);
      } catch (error) {
        throw new Error(`${name}: "${rule}" does not hold at height ${context.height}`, { cause: error });
      }
    }
  }
}

/** Reads the whole durable state into memory. */
async function openAudit(context: ReadContext, kv: KeyValueStore): Promise<AuditContext> {
  const values: [key: string, value: Uint8Array][] = [];
  for await (const [key, value] of kv.range(VALUES)) values.push([String.fromCharCode(...key.subarray(1)), value]);
  return {
    ...context,
    *all({ prefix, decode }) {
      const start = `${prefix}/`;
      for (const [key, value] of values) if (key.startsWith(start)) yield [key.slice(start.length), decode(value)] as const;
    },
  };
}
