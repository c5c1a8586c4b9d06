import type { Page } from "../records/listings.ts";
import { readInteger, readList, readObject, readText } from "./answer.ts";
import type { Client } from "./client.ts";
import { requestJson } from "./send-request.ts";

/** A validator set that once took over. */
export interface PastValidatorSet {
  readonly height: number;
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly epoch: number;
  /** What gave the power: `equal`, `stake`, `delegated`, `work`. */
  readonly policy: string;
  readonly validators: readonly { readonly publicKey: string; readonly organisation: string | null; readonly power: number }[];
}

/** As many as a network can have validators. */
const MAX_VALIDATORS = 128;

/** Every change of the validator set, the latest first: voting power over time. Of the node's read model, not proven. Rejects with GalenError. */
export async function listValidatorSets(
  client: Client,
  page: { readonly before?: number; readonly limit?: number } = {},
): Promise<Page<PastValidatorSet>> {
  const answer = readObject(await requestJson(client, { path: "/v1/validator-sets", query: { ...page } }), "validator sets");
  return {
    height: readInteger(answer.height, "height"),
    items: readList(answer.items, "items").map(readSet),
    next: answer.next === null ? null : readInteger(answer.next, "next"),
  };
}

function readSet(value: unknown): PastValidatorSet {
  const { height, at, epoch, policy, validators } = readObject(value, "set");
  return {
    height: readInteger(height, "height"),
    at: readInteger(at, "at"),
    epoch: readInteger(epoch, "epoch"),
    policy: readText(policy, "policy"),
    validators: readList(validators, "validators", MAX_VALIDATORS).map((one) => {
      const { publicKey, organisation, power } = readObject(one, "validator");
      return {
        publicKey: readText(publicKey, "publicKey"),
        organisation: organisation === null ? null : readText(organisation, "organisation"),
        power: readInteger(power, "power"),
      };
    }),
  };
}
