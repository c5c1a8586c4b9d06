import type { Static } from "typebox";
import { OneOf } from "../schema/types.ts";

/** Kinds of keys that sign transactions. */
export const KeyType = OneOf("ed25519", "p256");
export type KeyType = Static<typeof KeyType>;
