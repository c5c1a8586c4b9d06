import type { memberRemoved, memberSet } from "@galen/ledger/modules/accounts/events";
import type { Writer } from "../database.ts";
import type { View } from "./view.ts";

/** Who belongs to which organisation, in which roles: a clinician finds the grants to the own hospital by it, and the hospital its people. */
export const accountsView: View = {
  async "accounts.memberSet"(writer: Writer, { organisation, member, roles, until }: Parameters<typeof memberSet>[0]) {
    await leave(writer, organisation, member);
    const { last } = await writer
      .selectFrom("memberships")
      .select(({ fn }) => fn.max<number | null>("number").as("last"))
      .executeTakeFirstOrThrow();
    const number = (last ?? -1) + 1;
    const rows = roles.map((role) => ({ organisation, member, role, until: until ?? null, number }));
    await writer.insertInto("memberships").values(rows).execute();
  },
  "accounts.memberRemoved": (writer: Writer, { organisation, member }: Parameters<typeof memberRemoved>[0]) =>
    leave(writer, organisation, member),
};

function leave(writer: Writer, organisation: string, member: string): Promise<unknown> {
  return writer.deleteFrom("memberships").where("organisation", "=", organisation).where("member", "=", member).execute();
}
