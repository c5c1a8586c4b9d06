import { expectDone, type TestAccount, testAccount } from "../../../testing/actors.ts";
import type { Message } from "../../../tx/transaction.ts";
import { foundVaultTown, sealedObject, type VaultTown, vaultVersion } from "../../vault/testing/scene.ts";
import { recordsModule } from "../index.ts";
import type { Relation } from "../schema.ts";

const version = { ...vaultVersion, modules: [...vaultVersion.modules, recordsModule] };

/** A document of an owner, for `addMessage`. */
export interface FiledDocument {
  readonly name: string;
  readonly owner: TestAccount;
  readonly relation?: Relation;
}

/** Files documents; with an organisation when its staff does it. */
export function addMessage(filed: readonly FiledDocument[], organisation?: TestAccount): Message {
  const documents = filed.map(({ name, owner, relation = { kind: "none" } }) => ({ object: sealedObject(owner, name), relation }));
  return { type: "records.add", value: { documents, ...(organisation && { organisation: organisation.account }) } };
}

export interface RecordsTown extends VaultTown {
  /** Works at the hospital and cares for nobody. */
  readonly auditor: TestAccount;
}

/** The town with records; the daughter, who reads and manages for the patient, may add for the neighbour. */
export async function foundRecordsTown(): Promise<RecordsTown> {
  const town = await foundVaultTown({ version });
  const { chain, hospital, neighbour, daughter } = town;
  const auditor = testAccount("auditor");
  await expectDone(chain.run(auditor, auditor.create));
  const member = { organisation: hospital.account, member: auditor.account, roles: ["auditor"] };
  await expectDone(chain.run(hospital, { type: "accounts.setMember", value: member }));
  const delegation = { delegate: daughter.account, scopes: ["records.add"], until: chain.now + 36_000_000, ground: "chosen" };
  await expectDone(chain.run(neighbour, { type: "accounts.delegate", value: { owner: neighbour.account, ...delegation } }));
  return { ...town, auditor };
}
