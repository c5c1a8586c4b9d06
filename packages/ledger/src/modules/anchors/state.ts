import { defineSequence } from "../../app/sequence.ts";
import { Anchor } from "./schema.ts";

/** `anchors/anchors/network/<number>` -> Anchor, `anchors/anchors-count/network` -> how many: one list, never shortened */
export const anchors = defineSequence("anchors/anchors", Anchor);
export const NETWORK = "network";
