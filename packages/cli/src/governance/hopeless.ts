import { errors as custody } from "@galen/ledger/modules/custody/errors";
import { errors as governance } from "@galen/ledger/modules/governance/errors";
import type { Issuer } from "@galen/ledger/modules/governance/schema";
import { errors as tokens } from "@galen/ledger/modules/tokens/errors";
import type { Client } from "@galen/sdk/client/client";
import { GalenError } from "@galen/sdk/client/galen-error";
import { query } from "@galen/sdk/client/query";
import { status } from "@galen/sdk/client/status";
import { errors } from "../errors.ts";

// The ledger takes any proposal, and asks what stands against it only when enough members have approved. What it would say is said here before anybody is bothered.

type Fields = Readonly<Record<string, unknown>>;

/** Looks whether a decision could take effect as things are now, approvals apart. Throws the refusal that the ledger would have for it. */
export type Check<V = Fields> = (client: Client, value: V) => Promise<void>;

type Organisation = {
  readonly organisation: string;
};

/** Throws Refusal governance/AlreadyMember. */
export const requireNoMember: Check<Organisation> = async (client, { organisation }) => {
  if ((await memberIds(client)).includes(organisation)) throw governance.AlreadyMember({ organisation });
};

/** Throws Refusal governance/NotMember, governance/LastMember. */
export const requireMember: Check<Organisation> = async (client, { organisation }) => {
  const members = await memberIds(client);
  if (!members.includes(organisation)) throw governance.NotMember({ organisation });
  if (members.length === 1) throw governance.LastMember({ organisation });
};

/** The accounts of the alliance's members. */
export async function memberIds(client: Client): Promise<readonly string[]> {
  const { result } = await query<{ members: readonly Organisation[] }>(client, "governance.members");
  return result.members.map(({ organisation }) => organisation);
}

type Plan = {
  readonly version: number;
  readonly height: number;
};

type Versions = {
  readonly version: number;
  readonly planned?: Plan;
};

/** Throws Refusal governance/UpgradePlanned, governance/TooSoon, governance/NotNewer. */
export const requirePossibleUpgrade: Check<Plan> = async (client, { version, height }) => {
  const { version: present, planned } = (await query<Versions>(client, "governance.upgrade")).result;
  if (planned) throw governance.UpgradePlanned({ ...planned });
  const earliest = (await status(client)).height + 2;
  if (height < earliest) throw governance.TooSoon({ height, earliest });
  if (version <= present) throw governance.NotNewer({ version, present });
};

/** Throws Refusal governance/NoUpgrade. */
export const requireUpgrade: Check = async (client) => {
  if (!(await query<Versions>(client, "governance.upgrade")).result.planned) throw governance.NoUpgrade();
};

type Registration = {
  readonly issuer: string;
  readonly credentialTypes: readonly string[];
};

/** Throws Refusal governance/UnchangedIssuer. */
export const requireOtherTypes: Check<Registration> = async (client, { issuer, credentialTypes }) => {
  const present = await issuableTypes(client, issuer);
  if (present.length === credentialTypes.length && credentialTypes.every((type) => present.includes(type)))
    throw governance.UnchangedIssuer({ issuer });
};

/** Throws Refusal governance/UnknownIssuer. */
export const requireIssuer: Check<Pick<Registration, "issuer">> = async (client, { issuer }) => {
  if ((await issuableTypes(client, issuer)).length === 0) throw governance.UnknownIssuer({ issuer });
};

async function issuableTypes(client: Client, issuer: string): Promise<readonly string[]> {
  const found = await unlessUnknown(query<Issuer>(client, "governance.issuer", { issuer }), governance.UnknownIssuer.kind.id);
  return found?.result.changes.at(-1)?.credentialTypes ?? [];
}

type OfKind = {
  readonly tokenKind: string;
};

/** Throws Refusal tokens/KindExists. */
export const requireNewKind: Check<OfKind> = async (client, { tokenKind }) => {
  if (await unlessUnknown(query(client, "tokens.kind", { tokenKind }), tokens.UnknownKind.kind.id)) throw tokens.KindExists({ tokenKind });
};

/** Rejects with GalenError tokens/UnknownKind. */
export const requireKind: Check<OfKind> = async (client, { tokenKind }) => void (await query(client, "tokens.kind", { tokenKind }));

async function unlessUnknown<T>(asked: Promise<T>, unknown: string): Promise<T | undefined> {
  return asked.catch((error: unknown) => {
    if (error instanceof GalenError && error.id === unknown) return undefined;
    throw error;
  });
}

/** Throws Refusal custody/ThresholdTooHigh. */
export const requireReachableThreshold: Check<{ readonly threshold: number; readonly custodians: readonly unknown[] }> = async (
  _client,
  { threshold, custodians },
) => {
  if (threshold > custodians.length) throw custody.ThresholdTooHigh({ threshold, custodians: custodians.length });
};

/** For settings that are replaced as a whole. Throws Refusal cli/NothingChanges. */
export function requireChange(inForce: Fields, wanted: Fields): void {
  if (Object.entries(wanted).every(([name, value]) => JSON.stringify(value) === JSON.stringify(inForce[name])))
    throw errors.NothingChanges();
}
