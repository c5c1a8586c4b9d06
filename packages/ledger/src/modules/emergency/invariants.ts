import type { Invariant } from "../../app/define-module.ts";
import { releases } from "../vault/index.ts";
import { DAY_MS, MAX_USES_PER_DAY } from "./schema.ts";
import { unreviewed, uses } from "./state.ts";

/** What holds after every block. */
export const invariants: Readonly<Record<string, Invariant>> = {
  "exactly the releases in an emergency are uses, each with a reason": (audit) => {
    const released = [...audit.all(releases)].filter(([, { outcome }]) => outcome.kind === "released" && outcome.under === "emergency");
    for (const [id, { owner, reader, at, purpose, reasonHash }] of released) {
      const use = uses.get(audit, id);
      if (!use || use.owner !== owner || use.reader !== reader || use.at !== at) throw new Error(`${id} is no use`);
      if (purpose !== "ETREAT" || reasonHash === undefined) throw new Error(`${id} has no reason`);
    }
    if ([...audit.all(uses)].length !== released.length) throw new Error("a use has no release");
  },
  "the queue holds the uses that no auditor has looked at": (audit) => {
    const queued = new Set([...audit.all(unreviewed)].map(([key]) => key));
    const waiting = [...audit.all(uses)].filter(([, { byAuditor }]) => byAuditor === undefined);
    const keys = waiting.map(([id, { at }]) => unreviewed.keyOf(at, id).slice(unreviewed.prefix.length + 1));
    if (queued.size !== keys.length || !keys.every((key) => queued.has(key))) throw new Error("the queue differs from the uses");
  },
  "no reader has more emergencies within a day than may be": (audit) => {
    const byReader = new Map<string, number[]>();
    for (const [, { reader, at }] of audit.all(uses)) byReader.set(reader, [...(byReader.get(reader) ?? []), at]);
    for (const [reader, times] of byReader) {
      const ascending = times.toSorted((a, b) => a - b);
      const crowded = ascending.some((at, i) => (ascending[i + MAX_USES_PER_DAY] ?? Number.MAX_SAFE_INTEGER) < at + DAY_MS);
      if (crowded) throw new Error(`too many emergencies of ${reader}`);
    }
  },
};
