import { type Static, Type } from "typebox";
import { Bytes, Integer, List } from "../schema/types.ts";
import { defineCollection } from "./collection.ts";

/** What the alliance may tune without a new version. Changed by `governance.setParameters`. */
export const Parameters = Type.Object({
  maxBlockBytes: Integer(65_536, 16_777_216, { description: "bytes of transactions in one block" }),
  maxTransactionLifetimeMs: Integer(60_000, 3_600_000, { description: "how far expiresAt may lie ahead of block time" }),
});
export type Parameters = Static<typeof Parameters>;

export const defaultParameters: Parameters = { maxBlockBytes: 2_097_152, maxTransactionLifetimeMs: 900_000 };

/** A validator's Ed25519 key and voting power. */
export const Validator = Type.Object({ publicKey: Bytes(32), power: Integer(1, 1_000_000_000) });
export type Validator = Static<typeof Validator>;

export const ValidatorSet = Type.Object({ validators: List(Validator, { minItems: 1, maxItems: 128 }) });

/** `ledger/parameters` -> Parameters; one record under the key `current`. */
export const parameters = defineCollection<["current"], typeof Parameters>("ledger/parameters", Parameters);
/** `ledger/validators/current`: who orders blocks, and whose storage receipts count. */
export const validators = defineCollection<["current"], typeof ValidatorSet>("ledger/validators", ValidatorSet);
