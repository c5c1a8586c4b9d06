import type { Settings } from "@galen/ledger/modules/validators/settings";
import type { Client } from "@galen/sdk/client/client";
import { query } from "@galen/sdk/client/query";

/** What gives voting power, as the query `validators.regime` answers it. */
export interface Regime {
  readonly settings: Settings;
  /** In force from the next epoch on. */
  readonly planned?: Settings;
  readonly epoch: number;
  readonly policySince: number;
  /** Height. */
  readonly nextEpochAt: number;
}

/** Rejects with GalenError, for which `isUnknownQuery` holds on a chain of ledger version 1. */
export async function fetchRegime(client: Client): Promise<Regime> {
  return (await query<Regime>(client, "validators.regime")).result;
}

/** `equal`, or `equal, then stake` when a change is planned. */
export function policyText({ settings, planned }: Pick<Regime, "settings" | "planned">): string {
  return `${settings.policy.kind}${planned ? `, then ${planned.policy.kind}` : ""}`;
}
