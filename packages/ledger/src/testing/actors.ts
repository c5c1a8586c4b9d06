import { x25519 } from "@noble/curves/ed25519.js";
import type { Parameters } from "../app/parameters.ts";
import type { LedgerVersion } from "../app/version.ts";
import { bytesToHex, hexToBytes } from "../crypto/hex.ts";
import { portableCrypto } from "../crypto/portable.ts";
import { accountIdOf, accountsModule, authenticate, type CreateAccount } from "../modules/accounts/index.ts";
import { credentialsModule } from "../modules/credentials/index.ts";
import { type Founding, governanceModule } from "../modules/governance/index.ts";
import { ledgerVersions } from "../modules/index.ts";
import type { Message } from "../tx/transaction.ts";
import { createTestChain, type TestActor, type TestChain, type TestKey, testBytes, testKey } from "./chain.ts";

/** The newest rules of a ledger with accounts, governance and credentials; a test adds the modules that it is about, and names the version where it is about an older one. */
export const foundingVersion: LedgerVersion = {
  number: ledgerVersions.at(-1)!.number,
  modules: [accountsModule, governanceModule, credentialsModule],
  authenticate,
};

/** An actor with everything that founds and uses the account. The same name and options give the same account. */
export interface TestAccount extends TestActor {
  readonly founding: CreateAccount;
  /** The message that creates it, to be signed by itself. */
  readonly create: Message;
  /** X25519 secret key to `founding.recordKey`. */
  readonly recordSecretKey: Uint8Array;
}

/** An account of this name: by default a person with one Ed25519 key. */
export function testAccount(
  name: string,
  { kind = "person", keys = [testKey(name)], threshold = 1 }: Partial<Pick<CreateAccount, "kind" | "threshold"> & TestActor> = {},
): TestAccount {
  const recordSecretKey = hexToBytes(testBytes(`${name}/record-key`))!;
  const founding: CreateAccount = { ...testAuthority(name, keys, threshold), kind, salt: testBytes(name, 16) };
  const account = accountIdOf(founding, portableCrypto);
  return { account, keys, founding, create: { type: "accounts.create", value: founding }, recordSecretKey };
}

/** Keys of weight 1 and the record key of this name, as messages carry them. */
export function testAuthority(name: string, keys: readonly TestKey[] = [testKey(name)], threshold = 1) {
  const recordKey = bytesToHex(x25519.getPublicKey(hexToBytes(testBytes(`${name}/record-key`))!));
  return { keys: keys.map(({ keyType, publicKey }) => ({ keyType, publicKey, weight: 1 })), threshold, recordKey };
}

/** The governance part of a genesis document in which these organisations decide by more than two thirds. */
export function foundingBy(...founders: readonly TestAccount[]): { governance: Founding } {
  return { governance: { members: founders.map(({ founding }) => founding), decision: { numerator: 2, denominator: 3 } } };
}

/** A small alliance: a hospital as its only member, a licensing board, a licensed clinician of the hospital, a patient. */
export interface TestTown {
  readonly chain: TestChain;
  readonly hospital: TestAccount;
  readonly board: TestAccount;
  readonly clinician: TestAccount;
  readonly patient: TestAccount;
}

/** Id of the clinician's practitioner licence, valid for ten years from the founding. */
export const LICENCE_ID = testBytes("licence");
const TEN_YEARS_MS = 315_576_000_000;

/** Founds the town on a new chain; `modules` are further parts of the genesis document. */
export async function foundTown(
  options: {
    version?: LedgerVersion | readonly LedgerVersion[];
    modules?: Readonly<Record<string, unknown>>;
    parameters?: Partial<Parameters>;
  } = {},
): Promise<TestTown> {
  const [hospital, board] = [testAccount("hospital", { kind: "organisation" }), testAccount("board", { kind: "organisation" })];
  const [clinician, patient] = [testAccount("clinician"), testAccount("patient")];
  const { version = foundingVersion, modules, ...rest } = options;
  const chain = await createTestChain({ ...rest, version, modules: { ...foundingBy(hospital), ...modules } });

  await expectDone(chain.run([board, clinician, patient], board.create, clinician.create, patient.create));
  await expectDone(
    chain.run(
      hospital,
      { type: "accounts.setMember", value: { organisation: hospital.account, member: clinician.account, roles: ["clinician"] } },
      { type: "governance.registerIssuer", value: { issuer: board.account, credentialTypes: ["practitioner-licence"] } },
    ),
  );
  await expectDone(chain.run(board, { type: "credentials.issue", value: licenceOf(clinician, chain.now) }));
  return { chain, hospital, board, clinician, patient };
}

/** A practitioner licence from a time on. */
export function licenceOf(holder: TestAccount, validFrom: number) {
  const claims = { credentialType: "practitioner-licence", scope: "CH", claimsHash: testBytes("licence/claims") };
  return { credentialId: LICENCE_ID, holder: holder.account, ...claims, validFrom, validUntil: validFrom + TEN_YEARS_MS };
}

/** Throws unless the transaction succeeded: for the steps that lead to what a test is about. */
export async function expectDone(running: ReturnType<TestChain["run"]>): ReturnType<TestChain["run"]> {
  const result = await running;
  if (result.refusal) throw new Error(`${result.refusal.id} ${JSON.stringify(result.refusal.details)}`);
  return result;
}
