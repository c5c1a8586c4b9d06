import type { erased, granted, refused, released, revoked, sealed } from "@galen/ledger/modules/vault/events";
import type { Writer } from "../database.ts";
import type { IndexedBlock } from "../source.ts";
import { nextNumber } from "./next-number.ts";
import type { View } from "./view.ts";

type Granted = Parameters<typeof granted>[0];
type Release = Parameters<typeof released>[0] | Parameters<typeof refused>[0];

/** Sealed objects, grants, and the log of who read or tried to. */
export const vaultView: View = {
  "vault.sealed": (writer: Writer, { objectId, policy, sizeBucketBytes }: Parameters<typeof sealed>[0]) =>
    writer
      .insertInto("objects")
      .values({ object_id: objectId, compartment: policy.compartment, size_bytes: sizeBucketBytes, erased_at: null })
      .execute(),

  async "vault.granted"(writer: Writer, grant: Granted) {
    const { grantee } = grant;
    await writer
      .insertInto("grants")
      .values({
        grant_id: grant.grantId,
        number: nextNumber("grants"),
        owner: grant.owner,
        granted_by: grant.grantedBy,
        grantee_kind: grantee.kind,
        grantee: grantee.kind === "role" ? grantee.organisation : grantee.account,
        role: grantee.kind === "role" ? grantee.role : null,
        covers: JSON.stringify(grant.covers),
        purposes: JSON.stringify(grant.purposes),
        valid_from: grant.from,
        valid_until: grant.until,
        reads_left: grant.readsLeft ?? null,
        credential_type: grant.credentialType ?? null,
        created_at: grant.createdAt,
        revoked_at: null,
      })
      .execute();
  },

  "vault.revoked": (writer: Writer, { grantId }: Parameters<typeof revoked>[0], { time }: IndexedBlock) =>
    writer.updateTable("grants").set({ revoked_at: time }).where("grant_id", "=", grantId).execute(),

  async "vault.released"(writer: Writer, release: Release) {
    await log(writer, release);
    if (release.grantId === undefined || release.reader === release.owner) return;
    await writer
      .updateTable("grants")
      .set(({ eb }) => ({ reads_left: eb("reads_left", "-", 1) }))
      .where("grant_id", "=", release.grantId)
      .execute(); // null stays null
  },

  "vault.refused": (writer: Writer, release: Release) => log(writer, release),

  async "vault.erased"(writer: Writer, { objects }: Parameters<typeof erased>[0], { time }: IndexedBlock) {
    const ids = objects.map(({ objectId }) => objectId);
    for (const table of ["objects", "documents"] as const) {
      await writer.updateTable(table).set({ erased_at: time }).where("object_id", "in", ids).execute();
    }
  },
};

function log(writer: Writer, release: Release): Promise<unknown> {
  const { outcome } = release;
  return writer
    .insertInto("releases")
    .values({
      release_id: release.releaseId,
      owner: release.owner,
      number: release.number,
      reader: release.reader,
      purpose: release.purpose,
      grant_id: release.grantId ?? null,
      outcome: outcome.kind,
      reason: outcome.kind === "released" ? outcome.under : outcome.reason,
      object_ids: JSON.stringify(release.objects.map(({ objectId }) => objectId)),
      at: release.at,
      height: release.height,
    })
    .execute();
}
