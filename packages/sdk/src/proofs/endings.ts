import type { Delegation, Membership } from "@galen/ledger/modules/accounts/schema";
import { delegations, members } from "@galen/ledger/modules/accounts/state";
import type { Credential } from "@galen/ledger/modules/credentials/schema";
import { standingByItself } from "@galen/ledger/modules/credentials/standing";
import { credentials } from "@galen/ledger/modules/credentials/state";
import type { Grant, Release, VaultObject } from "@galen/ledger/modules/vault/schema";
import { grants, objects, releases } from "@galen/ledger/modules/vault/state";
import { recordUnder } from "./known-form.ts";
import type { Proof } from "./proof.ts";

/** Why something that is proven counts for nothing, or not now. */
export interface Ending {
  /** Of what: the transaction's hash, or its key behind the name of the collection. */
  readonly id: string;
  readonly how: "refused" | "erased" | "revoked" | "suspended" | "expired" | "used-up" | "not-yet";
  /** Since when; with `not-yet`, from when on it counts. Milliseconds since 1970. */
  readonly at?: number | undefined;
}

type Over = Omit<Ending, "id"> | undefined;

const overs = new Map<string, (record: never, now: number) => Over>([
  [objects.prefix, ({ erasedAt }: VaultObject) => (erasedAt === undefined ? undefined : { how: "erased", at: erasedAt })],
  [releases.prefix, ({ outcome, at }: Release) => (outcome.kind === "refused" ? { how: "refused", at } : undefined)],
  [grants.prefix, overOfGrant],
  [credentials.prefix, overOfCredential],
  [members.prefix, ({ until }: Membership, now) => lapsed({ until }, now)],
  [delegations.prefix, ({ until }: Delegation, now) => lapsed({ until }, now)],
]);

/**
 * What of proven things is over, or never was, as far as the proofs themselves tell: nobody shall rely on them without hearing it.
 *
 * @param now milliseconds since 1970
 */
export function endingsIn(proofs: readonly Proof[], now: number): readonly Ending[] {
  return proofs.flatMap((proof) => {
    const over = overOf(proof, now);
    return over ? [{ id: subjectOf(proof), ...over }] : [];
  });
}

/** What a proof is of: a transaction's hash, or the key behind the name of the collection. */
export function subjectOf(proof: Proof): string {
  return proof.kind === "transaction" ? proof.txHash : proof.key.split("/").slice(2).join("/");
}

function overOf(proof: Proof, now: number): Over {
  if (proof.kind === "transaction") return proof.result.code === 0 ? undefined : { how: "refused" };
  const record = proof.value && recordUnder(proof.key, proof.value);
  return record && overs.get(record.name)?.(record.value as never, now);
}

function overOfGrant({ revokedAt, readsLeft, from, until }: Grant, now: number): Over {
  if (revokedAt !== undefined) return { how: "revoked", at: revokedAt };
  return lapsed({ from, until }, now) ?? (readsLeft === 0 ? { how: "used-up" } : undefined);
}

function overOfCredential(credential: Credential, now: number): Over {
  const standing = standingByItself(credential, now);
  if (standing !== "revoked" && standing !== "suspended") return lapsed({ from: credential.validFrom, until: credential.validUntil }, now);
  return { how: standing, at: credential.changes.findLast(({ from }) => from <= now)?.from };
}

function lapsed(
  { from = 0, until = Number.POSITIVE_INFINITY }: { readonly from?: number; readonly until?: number | undefined },
  now: number,
): Over {
  if (now >= until) return { how: "expired", at: until };
  return now < from ? { how: "not-yet", at: from } : undefined;
}
