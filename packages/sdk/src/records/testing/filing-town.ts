import { addMessage, foundRecordsTown, type RecordsTown } from "@galen/ledger/modules/records/testing/scene";
import { sealedObject } from "@galen/ledger/modules/vault/testing/scene";
import { expectDone, type TestAccount, testAccount } from "@galen/ledger/testing/actors";
import type { Client } from "../../client/client.ts";
import { type Lies, provingClient } from "../../proofs/testing/proving-client.ts";
import type { NewDocument } from "../seal-document.ts";

export type Relation = NonNullable<NewDocument["relation"]>;

/** How a document of the patient is filed. */
export interface Filing {
  readonly by: TestAccount;
  readonly relation?: Relation;
  /** Whether the author writes alone, and not in the name of the hospital. */
  readonly isAlone?: boolean;
}

/** A town in which documents are filed on a real ledger, whatever they say. */
export interface FilingTown extends RecordsTown {
  /** A clinician of the hospital without a licence. */
  readonly colleague: TestAccount;
  /** The id of the document of a name. */
  idOf(name: string): string;
  file(name: string, filing: Filing): Promise<void>;
  /** A client whose node proves what is filed, with lies. */
  client(lies?: Lies): Client;
}

export async function foundFilingTown(): Promise<FilingTown> {
  const town = await foundRecordsTown();
  const { chain, hospital, patient } = town;
  const colleague = testAccount("colleague");
  await expectDone(chain.run(colleague, colleague.create));
  const member = { organisation: hospital.account, member: colleague.account, roles: ["clinician"] };
  await expectDone(chain.run(hospital, { type: "accounts.setMember", value: member }));
  return {
    ...town,
    colleague,
    idOf: (name) => sealedObject(patient, name).objectId,
    async file(name, { by, relation = { kind: "none" }, isAlone = false }) {
      await expectDone(chain.run(by, addMessage([{ name, owner: patient, relation }], isAlone ? undefined : hospital)));
    },
    client: (lies) => provingClient(chain, lies),
  };
}
