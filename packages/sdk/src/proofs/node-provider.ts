import type { Validator } from "@galen/ledger/block/validator";
import { SchemaError } from "@galen/ledger/schema/schema-error";
import { readObject } from "../client/answer.ts";
import type { Client } from "../client/client.ts";
import { clientErrors, GalenError, galenError } from "../client/galen-error.ts";
import { requestJson } from "../client/send-request.ts";
import { validatorsFromJson } from "../light/light-block.ts";
import type { LightProvider } from "../light/provider.ts";
import { type FinalHeader, finalHeaderFromJson } from "./signed-header.ts";

/** A node's headers for a light client. */
export function createNodeProvider(client: Client): LightProvider {
  return {
    signedHeader: (height) => fetchHeader(client, height),
    validators: (height) => fetchValidators(client, height),
  };
}

/**
 * The header of a height with its commit and the set that signed, not checked yet; undefined where the node does not hold it. Rejects with GalenError
 * client/UnexpectedAnswer, also for the header of another height: rightly signed, it would pass for the one that was asked for.
 */
export function fetchHeader(client: Client, height: number): Promise<FinalHeader | undefined> {
  return readIfHeld(async () => {
    const answer = readObject(await requestJson(client, { path: `/v1/headers/${height}` }), "header");
    const final = finalHeaderFromJson(answer.signed_header, answer.validators, client.crypto);
    if (final.header.height !== height) throw galenError(clientErrors.UnexpectedAnswer({ field: "height", height: final.header.height }));
    return final;
  });
}

function fetchValidators(client: Client, height: number): Promise<readonly Validator[] | undefined> {
  return readIfHeld(async () => {
    const answer = readObject(await requestJson(client, { path: `/v1/validators/${height}` }), "validators");
    return validatorsFromJson(answer.validators, client.crypto.sha256);
  });
}

/** Undefined for a height that the node does not hold. */
async function readIfHeld<T>(read: () => Promise<T>): Promise<T | undefined> {
  try {
    return await read();
  } catch (cause) {
    if (cause instanceof GalenError && cause.id === "api/HeightNotHeld") return undefined;
    if (cause instanceof SchemaError)
      throw galenError(clientErrors.UnexpectedAnswer({ field: cause.path, reason: cause.reason }), { cause });
    throw cause;
  }
}
