import type { Invariant } from "../../app/define-module.ts";
import { announcement } from "./state.ts";

/** What holds after every block. */
export const invariants: Readonly<Record<string, Invariant>> = {
  "no chain is its own successor": (audit) => {
    if (announcement.get(audit, "current")?.chainId === audit.chainId) throw new Error(`${audit.chainId} goes on in itself`);
  },
};
