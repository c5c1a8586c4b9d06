import type { SignedHeader } from "@galen/engines/chain/tip";
import type { LedgerEvent } from "@galen/ledger/app/events";
import { Commit } from "@galen/ledger/block/commit";
import { Header } from "@galen/ledger/block/header";
import { validatorToJson } from "@galen/ledger/block/validator";
import type { Backend } from "../backend.ts";
import { errors } from "./api-error.ts";

/** An event as the API shows it. */
export function eventJson({ type, data }: LedgerEvent) {
  return { type, data };
}

/** A signed header in the field names of CometBFT's RPC. */
export function signedHeaderJson({ header, commit }: SignedHeader) {
  return { header: Header.toJson(header), commit: Commit.toJson(commit) };
}

/** The validator set of a height in CometBFT's JSON. Throws Refusal api/HeightNotHeld. */
export async function validatorsJson({ engine, crypto }: Backend, height: number) {
  const validators = await engine.validators(height);
  if (!validators) throw errors.HeightNotHeld({ height });
  return validators.map((validator) => validatorToJson(validator, crypto.sha256));
}
