import fc from "fast-check";
import type { CredentialType } from "../governance/index.ts";

export const issuers = ["board", "school"] as const;
export const holders = ["clinician", "nurse"] as const;
export const types: readonly CredentialType[] = ["practitioner-licence", "training"];
const credentialNames = ["c0", "c1", "c2", "c3", "c4", "c5"] as const;
const HOUR_MS = 3_600_000;

type Step =
  | {
      readonly kind: "issue";
      readonly name: string;
      readonly holder: string;
      readonly type: CredentialType;
      readonly fromMs: number;
      readonly forMs: number;
    }
  | { readonly kind: "suspend" | "revoke"; readonly name: string; readonly agoMs: number }
  | { readonly kind: "reinstate"; readonly name: string }
  | { readonly kind: "register"; readonly issuer: string; readonly types: readonly CredentialType[] };

/** A transaction of one message, by an issuer; what concerns the registry is decided by the alliance. */
export type Operation = Step & { readonly by: string; readonly waitMs: number };

interface Change {
  readonly from: number;
  readonly to: "suspended" | "reinstated" | "revoked";
}

interface ModelCredential {
  readonly issuer: string;
  readonly holder: string;
  readonly type: CredentialType;
  readonly validFrom: number;
  readonly validUntil: number;
  readonly issuedAt: number;
  readonly changes: Change[];
}

/** What the module must answer, as lists of what happened. */
export interface Model {
  readonly credentials: Map<string, ModelCredential>;
  readonly registrations: { readonly at: number; readonly issuer: string; readonly types: readonly CredentialType[] }[];
}

export function createModel(): Model {
  return { credentials: new Map(), registrations: [] };
}

const aName = fc.constantFrom(...credentialNames);
const aDuration = fc.constantFrom(0, HOUR_MS, 5 * HOUR_MS, 50 * HOUR_MS);
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant("issue"),
      name: aName,
      holder: fc.constantFrom(...holders),
      type: fc.constantFrom(...types),
      fromMs: fc.constantFrom(-HOUR_MS, 0, HOUR_MS),
      forMs: aDuration,
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constantFrom("suspend", "suspend", "suspend", "revoke"),
      name: aName,
      agoMs: fc.constantFrom(-1, 0, HOUR_MS, 9 * HOUR_MS),
    }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant("reinstate"), name: aName }) },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constant("register"), issuer: fc.constantFrom(...issuers), types: fc.subarray([...types]) }),
  },
);

/** Random transactions on few credentials, so that their histories grow. */
export const operation: fc.Arbitrary<Operation> = fc
  .record({ step, by: fc.constantFrom("board", ...issuers), waitMs: fc.constantFrom(0, 0, HOUR_MS / 2, 3 * HOUR_MS) })
  .map(({ step, ...rest }) => ({ ...step, ...rest }));

/** Applies an operation at block time `now`; returns the id of the refusal that must be the answer, undefined for success. */
export function apply(model: Model, operation: Operation, now: number): string | undefined {
  if (operation.kind === "issue") return applyIssue(model, operation, now);
  if (operation.kind === "register") return applyRegistration(model, operation, now);
  return applyChange(model, operation, now);
}

function applyIssue(
  model: Model,
  { name, by, holder, type, fromMs, forMs }: Operation & { kind: "issue" },
  now: number,
): string | undefined {
  const validFrom = now + fromMs;
  if (!isRegistered(model, { issuer: by, type, at: now })) return "credentials/NotRegistered";
  if (model.credentials.has(name)) return "credentials/AlreadyIssued";
  if (forMs <= 0) return "credentials/EndsBeforeStart";
  if (validFrom + forMs <= now) return "credentials/ExpiryInPast";
  model.credentials.set(name, { issuer: by, holder, type, validFrom, validUntil: validFrom + forMs, issuedAt: now, changes: [] });
  return undefined;
}

function applyRegistration(model: Model, { issuer, types: wanted }: Operation & { kind: "register" }, now: number): string | undefined {
  const present = types.filter((type) => isRegistered(model, { issuer, type, at: now }));
  if (present.length === 0 && wanted.length === 0) return "governance/UnknownIssuer";
  if (present.join() === wanted.join()) return "governance/UnchangedIssuer";
  model.registrations.push({ at: now, issuer, types: wanted });
  return undefined;
}

function applyChange(model: Model, operation: Operation & { kind: "suspend" | "revoke" | "reinstate" }, now: number): string | undefined {
  const credential = model.credentials.get(operation.name);
  if (!credential) return "credentials/UnknownCredential";
  const { issuer, type, changes } = credential;
  const standing = changes.at(-1)?.to ?? "reinstated";
  if (issuer !== operation.by) return "credentials/NotIssuer";
  if (standing === "revoked") return "credentials/Revoked";
  if (operation.kind === "reinstate") {
    if (!isRegistered(model, { issuer, type, at: now })) return "credentials/NotRegistered";
    if (standing !== "suspended") return "credentials/NotSuspended";
    if (changes.length > 29) return "credentials/HistoryFull";
    changes.push({ from: now, to: "reinstated" });
    return undefined;
  }
  if (operation.kind === "suspend" && standing === "suspended") return "credentials/AlreadySuspended";
  if (operation.agoMs < 0) return "credentials/CauseInFuture";
  changes.push({ from: now - operation.agoMs, to: operation.kind === "suspend" ? "suspended" : "revoked" });
  return undefined;
}

function isRegistered(model: Model, { issuer, type, at }: { issuer: string; type: CredentialType; at: number }): boolean {
  let registered = false;
  for (const change of model.registrations) if (change.issuer === issuer && change.at <= at) registered = change.types.includes(type);
  return registered;
}

/** Whether the credential was valid at time `at`, by going through everything that happened. */
export function modelIsValid(model: Model, name: string, at: number): boolean {
  const credential = model.credentials.get(name);
  if (!credential) return false;
  let standing = "reinstated";
  for (const change of credential.changes) if (change.from <= at) standing = change.to;
  const registered = isRegistered(model, { issuer: credential.issuer, type: credential.type, at: Math.max(at, credential.issuedAt) });
  return standing === "reinstated" && registered && credential.validFrom <= at && at < credential.validUntil;
}

/** Whether the holder had any credential of the type that was valid at time `at`. */
export function modelIsQualified(model: Model, { holder, type, at }: { holder: string; type: CredentialType; at: number }): boolean {
  const own = [...model.credentials].filter(([, credential]) => credential.holder === holder && credential.type === type);
  return own.some(([name]) => modelIsValid(model, name, at));
}
