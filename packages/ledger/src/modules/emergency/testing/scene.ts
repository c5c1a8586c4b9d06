import type { LedgerVersion } from "../../../app/version.ts";
import { expectDone, type TestAccount, testAccount } from "../../../testing/actors.ts";
import { type TestChain, testBytes } from "../../../testing/chain.ts";
import type { Message } from "../../../tx/transaction.ts";
import { foundVaultTown, requestMessage, type VaultTown, vaultVersion } from "../../vault/testing/scene.ts";
import { emergencyModule } from "../index.ts";

export const emergencyVersion: LedgerVersion = { ...vaultVersion, number: 4, modules: [...vaultVersion.modules, emergencyModule] };

/** The town with an authority that is a member of the alliance, and auditors of the authority and of the hospital. */
export interface EmergencyTown extends VaultTown {
  readonly authority: TestAccount;
  readonly auditor: TestAccount;
  readonly houseAuditor: TestAccount;
}

export async function foundEmergencyTown({ version = emergencyVersion } = {}): Promise<EmergencyTown> {
  const town = await foundVaultTown({ version });
  const { chain, hospital } = town;
  const authority = testAccount("authority", { kind: "organisation" });
  const [auditor, houseAuditor] = [testAccount("auditor"), testAccount("house auditor")];
  const people = [authority, auditor, houseAuditor];
  await expectDone(chain.run(people, ...people.map(({ create }) => create)));
  const admission = { type: "governance.admitMember", value: { organisation: authority.account } };
  await expectDone(chain.run([hospital, authority], admission));
  for (const [house, member] of [
    [authority, auditor],
    [hospital, houseAuditor],
  ] as const) {
    const value = { organisation: house.account, member: member.account, roles: ["auditor"] };
    await expectDone(chain.run(house, { type: "accounts.setMember", value }));
  }
  return { ...town, authority, auditor, houseAuditor };
}

export const allowMessage = (owner: TestAccount, ...labels: readonly string[]): Message => ({
  type: "emergency.allow",
  value: { owner: owner.account, opens: labels.length === 0 ? { kind: "everything" } : { kind: "compartments", labels } },
});

export const forbidMessage = (owner: TestAccount): Message => ({ type: "emergency.forbid", value: { owner: owner.account } });

/** A request with fresh points, a true proof and a reason. */
export function emergencyMessage(chain: TestChain, reader: TestAccount, request: { objectIds: readonly string[]; nonce: string }): Message {
  const { objects, proof } = requestMessage(chain, reader, request).value;
  return { type: "emergency.request", value: { objects, proof, reasonHash: testBytes("reason") } };
}

export function reviewMessage(releaseId: string, organisation?: TestAccount, judgement = "justified"): Message {
  return { type: "emergency.review", value: { releaseId, judgement, ...(organisation && { organisation: organisation.account }) } };
}
