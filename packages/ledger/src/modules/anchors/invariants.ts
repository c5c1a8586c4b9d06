import type { Invariant } from "../../app/define-module.ts";
import { anchors, NETWORK } from "./state.ts";

/** What holds after every block. */
export const invariants: Readonly<Record<string, Invariant>> = {
  "the list of anchors is whole": (audit) => {
    const count = anchors.count(audit, NETWORK);
    const found = [...audit.all(anchors.entries)].length;
    if (found !== count) throw new Error(`${count} anchors are counted, ${found} are there`);
  },
};
