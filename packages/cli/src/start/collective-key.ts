import { setTimeout as pause } from "node:timers/promises";
import { readObject, readText } from "@galen/sdk/client/answer";
import type { Client } from "@galen/sdk/client/client";
import { GalenError } from "@galen/sdk/client/galen-error";
import { query } from "@galen/sdk/client/query";
import { requestJson } from "@galen/sdk/client/send-request";
import type { OwnAccount } from "@galen/sdk/transactions/own-account";
import { submit } from "@galen/sdk/transactions/submit";
import { errors } from "../errors.ts";

/** Time for each step of a ceremony; one that a crash has cut short is over after three. */
const WINDOW_MS = 10_000;
const POLL_MS = 20;
/** Several ceremonies long: who waits longer waits for a custodian that cannot. */
const PATIENCE_MS = 120_000;

/** Resolves when the custodians' key exists; by decision of the founders the node's custodian makes it, k = n = 1. Throws Refusal cli/NoCollectiveKey. */
export async function ensureCollectiveKey(client: Client, founders: readonly OwnAccount[]): Promise<void> {
  for (const deadline = performance.now() + PATIENCE_MS; performance.now() < deadline; ) {
    // In this order: a ceremony that ends between the two questions has left its key when the second one comes.
    if (await exists(client, "custody.running")) await pause(POLL_MS);
    else if (await exists(client, "custody.key")) return;
    else await startCeremony(client, founders);
  }
  throw errors.NoCollectiveKey();
}

async function exists(client: Client, name: "custody.key" | "custody.running"): Promise<boolean> {
  try {
    await query(client, name, { purpose: "release" });
    return true;
  } catch (error) {
    if (error instanceof GalenError && (error.id === "custody/NoKey" || error.id === "custody/UnknownCeremony")) return false;
    throw error;
  }
}

async function startCeremony(client: Client, founders: readonly OwnAccount[]): Promise<void> {
  const custodian = readObject(await requestJson(client, { path: "/v1/custodian" }), "custodian");
  const receiver = { account: readText(custodian.account, "account"), sealingKey: readText(custodian.sealingKey, "sealingKey") };
  const value = { purpose: "release", kind: "generate", threshold: 1, custodians: [receiver], windowMs: WINDOW_MS };
  await submit(client, { actors: founders, messages: [{ type: "custody.startCeremony", value }] });
}
