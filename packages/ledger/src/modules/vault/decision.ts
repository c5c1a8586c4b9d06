import type { ReadContext } from "../../app/context.ts";
import { hasRole, isDelegate } from "../accounts/index.ts";
import { bestStanding } from "../credentials/index.ts";
import type { Grant, Outcome, RefusalReason, VaultObject } from "./schema.ts";

/** Who asks for which objects of one owner, why, and by which grant. */
export interface Ask {
  readonly reader: string;
  readonly owner: string;
  readonly objects: readonly { readonly objectId: string; readonly object: VaultObject }[];
  readonly purpose: Grant["purposes"][number];
  readonly grant: Grant | undefined;
}

type Reading = Pick<ReadContext, "state" | "time">;

/**
 * What the policy says to a request: all of its objects or none. A part of them would leave the owner with an entry that is neither a yes nor
 * a no, and would count as a read that the reader may not have wanted.
 */
export function decide(ctx: Reading, ask: Ask): Outcome {
  const { reader, owner, grant } = ask;
  if (ask.objects.some(({ object }) => object.erasedAt !== undefined)) return { kind: "refused", reason: "ObjectErased" };
  if (reader === owner) return { kind: "released", under: "owner" };
  if (!grant && isDelegate(ctx, { owner, delegate: reader, scope: "records.read" })) return { kind: "released", under: "delegation" };
  if (!grant || grant.owner !== owner) return { kind: "refused", reason: "NoGrant" };
  const broken = rules.find(([, breaks]) => breaks(ctx, grant, ask));
  return broken ? { kind: "refused", reason: broken[0] } : { kind: "released", under: "grant" };
}

type Rule = readonly [reason: RefusalReason, breaks: (ctx: Reading, grant: Grant, ask: Ask) => boolean];

const rules: readonly Rule[] = [
  ["NoGrant", (_, { grantee }, { reader }) => grantee.kind === "person" && grantee.account !== reader],
  ["NotMember", (ctx, { grantee }, { reader }) => !isAddressed(ctx, grantee, reader)],
  ["GrantRevoked", (_, { revokedAt }) => revokedAt !== undefined],
  ["GrantNotYet", ({ time }, { from }) => time < from],
  ["GrantExpired", ({ time }, { until }) => time >= until],
  ["GrantExhausted", (_, { readsLeft }) => readsLeft === 0],
  ["WrongPurpose", (_, { purposes }, { purpose }) => !purposes.includes(purpose)],
  ["WrongCompartment", (_, { covers }, { objects }) => !objects.every((one) => isCovered(covers, one))],
  ["CredentialMissing", (ctx, grant, { reader }) => standingFor(ctx, grant, reader) === undefined],
  ["CredentialSuspended", (ctx, grant, { reader }) => standingFor(ctx, grant, reader) === "suspended"],
  ["CredentialNotValid", (ctx, grant, { reader }) => standingFor(ctx, grant, reader) !== "valid"],
];

/** What the reader's credential is worth that the grant asks for; "valid" when it asks for none. */
function standingFor(ctx: Reading, { credentialType }: Grant, reader: string) {
  return credentialType ? bestStanding(ctx, reader, credentialType) : "valid";
}

function isAddressed(ctx: Reading, grantee: Grant["grantee"], reader: string): boolean {
  switch (grantee.kind) {
    case "person":
      return grantee.account === reader;
    case "organisation":
      return grantee.account === reader || hasRole(ctx, grantee.account, reader);
    case "role":
      return hasRole(ctx, grantee.organisation, reader, grantee.role);
  }
}

function isCovered(covers: Grant["covers"], { objectId, object }: Ask["objects"][number]): boolean {
  switch (covers.kind) {
    case "compartments":
      return covers.labels.includes(object.policy.compartment);
    case "objects":
      return covers.ids.includes(objectId);
    case "everything":
      return true;
  }
}
