import type {
  created,
  delegated,
  delegationEnded,
  guardiansRemoved,
  guardiansSet,
  keysRotated,
  memberRemoved,
  memberSet,
  recovered,
} from "@galen/ledger/modules/accounts/events";
import type { Writer } from "../database.ts";
import type { IndexedBlock } from "../source.ts";
import type { PresentState, View } from "./view.ts";

/**
 * Who belongs to which organisation, in which roles: a clinician finds the grants to the own hospital by it, and the hospital its people. Who can rescue whom,
 * and who acts for whom: guardians and delegates find those who count on them. Who has which key: restored words find the account that guardians gave them.
 */
export const accountsView: View = {
  "accounts.created": (writer: Writer, { account }: Parameters<typeof created>[0], block, present) =>
    takeKeys(writer, { account, block, present }),
  "accounts.keysRotated": (writer: Writer, { account }: Parameters<typeof keysRotated>[0], block, present) =>
    takeKeys(writer, { account, block, present }),
  "accounts.recovered": (writer: Writer, { account }: Parameters<typeof recovered>[0], block, present) =>
    takeKeys(writer, { account, block, present }),

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

  async "accounts.guardiansSet"(writer: Writer, { account, guardians }: Parameters<typeof guardiansSet>[0]) {
    await withoutGuardians(writer, account);
    await writer
      .insertInto("guardianships")
      .values(guardians.map((guardian) => ({ account, guardian })))
      .execute();
  },
  "accounts.guardiansRemoved": (writer: Writer, { account }: Parameters<typeof guardiansRemoved>[0]) => withoutGuardians(writer, account),

  async "accounts.delegated"(writer: Writer, { owner, delegate, scopes, until, ground }: Parameters<typeof delegated>[0]) {
    await endDelegation(writer, { owner, delegate });
    await writer
      .insertInto("delegations")
      .values({ owner, delegate, scopes: JSON.stringify(scopes), until, ground })
      .execute();
  },
  "accounts.delegationEnded": (writer: Writer, ended: Parameters<typeof delegationEnded>[0]) => endDelegation(writer, ended),
};

interface Change {
  readonly account: string;
  readonly block: IndexedBlock;
  readonly present: PresentState;
}

async function takeKeys(writer: Writer, { account, block: { height }, present }: Change): Promise<void> {
  await writer.deleteFrom("account_keys").where("account", "=", account).execute();
  await writer
    .insertInto("account_keys")
    .values(present.keysOf(account).map((publicKey) => ({ public_key: publicKey, account, height })))
    .execute();
}

function leave(writer: Writer, organisation: string, member: string): Promise<unknown> {
  return writer.deleteFrom("memberships").where("organisation", "=", organisation).where("member", "=", member).execute();
}

function withoutGuardians(writer: Writer, account: string): Promise<unknown> {
  return writer.deleteFrom("guardianships").where("account", "=", account).execute();
}

function endDelegation(writer: Writer, { owner, delegate }: Parameters<typeof delegationEnded>[0]): Promise<unknown> {
  return writer.deleteFrom("delegations").where("owner", "=", owner).where("delegate", "=", delegate).execute();
}
