import { fetchRecoveries, type KnownRecoveries } from "@galen/sdk/accounts/recovery";
import { useTexts } from "../../frame/texts.ts";
import { shortId, useNames } from "../../keys/names.ts";
import { useChain } from "../../network/use-chain.ts";
import { guardianTexts } from "./guardian-texts.ts";

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** The guardians of an account and what they propose, proven. */
export function useRecoveries(account: string) {
  return useChain(["recoveries", account], (client) => fetchRecoveries(client, account));
}

/** Of the queries above, for whoever hears that something has changed. */
export const recoveriesKey = ["chain", "recoveries"] as const;

/** A span of time as people say it: days, or hours below one. */
export function useSpanWords(): (ms: number) => string {
  const t = useTexts(guardianTexts);
  return (ms) => (ms % DAY_MS === 0 ? t("days", { count: ms / DAY_MS }) : t("hours", { count: Math.round(ms / HOUR_MS) }));
}

/** What an account is called here; one without a name is told by its number, so that nobody takes it for somebody known. */
export function useNameOf(): (account: string) => string {
  const t = useTexts(guardianTexts);
  const names = useNames();
  return (account) => names.get(account)?.name ?? t("unknownName", { id: shortId(account) });
}

export type OpenRecovery = KnownRecoveries["open"][number];
