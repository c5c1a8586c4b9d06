import type { Client } from "@galen/sdk/client/client";
import { custodianNodes } from "@galen/sdk/client/custodian-nodes";
import { chainIdOf } from "@galen/sdk/client/status";
import { auditCustodian, type CustodianAudit, type EntryReference } from "@galen/sdk/custody/audit-custodian";
import { keptByBrowser } from "../../storage/kept.ts";

/** A custodian beside the ledger; without `audit` it could not be asked. */
export interface NamedAudit {
  readonly url: string;
  readonly audit: CustodianAudit | undefined;
}

const STORED = "galen.custodian-audits";

/** Compares the log of every custodian that this node knows with the ledger, and remembers where each ended. */
export async function auditAll(client: Client): Promise<readonly NamedAudit[]> {
  const audits: NamedAudit[] = [];
  for (const custodian of await custodianNodes(client)) audits.push(await auditOne(client, custodian));
  return audits;
}

async function auditOne(client: Client, custodian: Client): Promise<NamedAudit> {
  const { url } = custodian;
  // Another network may one day answer under the same address.
  const place = `${await chainIdOf(client)} ${url}`;
  try {
    const audit = await auditCustodian(client, custodian, remembered()[place]);
    // What was shortened stays remembered at its full length, so that the finding does not go away by looking twice.
    if (audit.last && !audit.findings.some(({ fault }) => fault === "log-shortened")) remember(place, audit.last);
    return { url, audit };
  } catch {
    // That it could not be asked is what the page says of it.
    return { url, audit: undefined };
  }
}

function remembered(): Readonly<Record<string, EntryReference>> {
  return JSON.parse(keptByBrowser.get(STORED) ?? "{}") as Record<string, EntryReference>;
}

function remember(place: string, last: EntryReference): void {
  keptByBrowser.set(STORED, JSON.stringify({ ...remembered(), [place]: last }));
}
