import { SchemaError } from "@galen/ledger/schema/schema-error";
import { readObject } from "../client/answer.ts";
import type { Client } from "../client/client.ts";
import { clientErrors, GalenError, galenError } from "../client/galen-error.ts";
import { requestJson } from "../client/send-request.ts";
import type { LightProvider } from "../light/provider.ts";
import { type FinalHeader, finalHeaderFromJson } from "./signed-header.ts";

/** A node's headers for a light client. */
export function createNodeProvider(client: Client): LightProvider {
  return {
    signedHeader: (height) => fetchHeader(client, height),
    validators: async (height) => (await fetchHeader(client, height))?.validators,
  };
}

async function fetchHeader(client: Client, height: number): Promise<FinalHeader | undefined> {
  try {
    const answer = readObject(await requestJson(client, { path: `/v1/headers/${height}` }), "header");
    return finalHeaderFromJson(answer.signed_header, answer.validators, client.crypto);
  } catch (cause) {
    if (cause instanceof GalenError && cause.id === "api/HeightNotHeld") return undefined;
    if (cause instanceof SchemaError)
      throw galenError(clientErrors.UnexpectedAnswer({ field: cause.path, reason: cause.reason }), { cause });
    throw cause;
  }
}
