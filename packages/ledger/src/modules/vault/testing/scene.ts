import type { TxResult } from "../../../app/execute.ts";
import type { LedgerVersion } from "../../../app/version.ts";
import { scalarToBytes } from "../../../crypto/group.ts";
import { bytesToHex, hexToBytes } from "../../../crypto/hex.ts";
import { portableCrypto as crypto } from "../../../crypto/portable.ts";
import { releaseRequestContext } from "../../../crypto/release-statement.ts";
import { provePossession } from "../../../crypto/schnorr-proof.ts";
import { expectDone, foundTown, type TestAccount, type TestTown, testAccount } from "../../../testing/actors.ts";
import { type TestChain, testBytes, VALIDATOR } from "../../../testing/chain.ts";
import type { Message } from "../../../tx/transaction.ts";
import { custodyModule } from "../../custody/index.ts";
import { type HeldKey, houseOf, makeKey, pointHex, seatHouses, testCustodian, testScalar } from "../../custody/testing/custodians.ts";
import { nodesVersion } from "../../validators/testing/scene.ts";
import { vaultModule } from "../index.ts";
import { objectLabel } from "../label.ts";
import type { Release, SealedObject } from "../schema.ts";
import { releases } from "../state.ts";

export const vaultVersion: LedgerVersion = { ...nodesVersion, modules: [...nodesVersion.modules, custodyModule, vaultModule] };

export const GENERAL = testBytes("compartment general");
export const MENTAL = testBytes("compartment mental health");
export const HOUR_MS = 3_600_000;

/** The town with a collective key of `threshold` of `count` custodians, and some more people. */
export interface VaultTown extends TestTown {
  readonly neighbour: TestAccount;
  readonly nurse: TestAccount;
  readonly daughter: TestAccount;
  readonly stranger: TestAccount;
  /** Who decides together. */
  readonly alliance: readonly TestAccount[];
  readonly key: HeldKey;
}

/** Founds it: the nurse works at the hospital, the daughter reads and manages for the patient, the neighbour is another patient. */
export async function foundVaultTown({
  threshold = 1,
  count = 1,
  version = vaultVersion,
}: {
  threshold?: number;
  count?: number;
  version?: LedgerVersion | readonly LedgerVersion[];
} = {}): Promise<VaultTown> {
  const town = await foundTown({ version });
  const { chain, hospital, patient } = town;
  const [neighbour, nurse, daughter, stranger] = ["neighbour", "nurse", "daughter", "stranger"].map((name) => testAccount(name)) as [
    TestAccount,
    TestAccount,
    TestAccount,
    TestAccount,
  ];
  // The one node of the town is the hospital's; further custodians come with houses of their own, where the rules know whose custodians are.
  const names = Array.from({ length: count }, (_, at) => `custodian ${at + 1}`);
  const custodians = names.map((name, at) => testCustodian(name, at === 0 ? { ...hospital, nodeKey: VALIDATOR } : houseOf(name)));
  const people = [neighbour, nurse, daughter, stranger, ...custodians];
  await expectDone(chain.run(people, ...people.map(({ create }) => create)));
  const member = { organisation: hospital.account, member: nurse.account, roles: ["nurse"] };
  await expectDone(chain.run(hospital, { type: "accounts.setMember", value: member }));
  const scopes = ["records.read", "vault.grant", "vault.revoke", "vault.erase"];
  const delegation = { owner: patient.account, delegate: daughter.account, scopes, until: chain.now + 10_000 * HOUR_MS, ground: "chosen" };
  await expectDone(chain.run(patient, { type: "accounts.delegate", value: delegation }));
  const houses = chain.ledger.version.messages.has("custody.offerKey") ? names.slice(1).map(houseOf) : [];
  const alliance = await seatHouses(chain, [hospital], houses);
  return { ...town, neighbour, nurse, daughter, stranger, alliance, key: await makeKey(chain, alliance, { custodians, threshold }) };
}

/** A sealed object of this name with a true proof. Its blobs are addresses only: what is in them is no matter of the ledger. */
export function sealedObject(owner: TestAccount, name: string, compartment = GENERAL): SealedObject {
  const secret = capsuleSecret(name);
  const object = {
    objectId: testBytes(`object ${name}`),
    owner: owner.account,
    policy: { compartment, release: "grants" as const },
    ciphertext: testBytes(`ciphertext ${name}`),
    ownerCapsule: testBytes(`owner capsule ${name}`),
    collectiveCapsule: testBytes(`collective capsule ${name}`),
    capsulePoint: pointHex(secret),
    sizeBucketBytes: 4_096,
  };
  return { ...object, capsuleProof: proofOf(objectLabel(object, crypto), [secret]) };
}

/** r of the object's capsule. */
export function capsuleSecret(name: string): bigint {
  return testScalar(`capsule ${name}`);
}

/** A proof of knowledge of all secrets behind their points, for a context. */
export function proofOf(context: Uint8Array, secrets: readonly bigint[], points: readonly string[] = secrets.map(pointHex)): string {
  const proof = provePossession({
    points: points.map((point) => hexToBytes(point)!),
    secrets: secrets.map(scalarToBytes),
    context,
    randomness: hexToBytes(testBytes("randomness"))!,
    crypto,
  });
  return bytesToHex(proof);
}

/** Seals objects as their owner. */
export function sealMessage(...objects: readonly SealedObject[]): Message {
  return { type: "vault.seal", value: { objects } };
}

/** A request with a fresh R for every object and a true proof; s_j is `requestSecret` unless `secrets` replaces them. */
export function requestMessage(
  chain: TestChain,
  reader: TestAccount,
  request: {
    readonly objectIds: readonly string[];
    readonly nonce: string;
    readonly purpose?: string;
    readonly grantId?: string;
    readonly secrets?: readonly bigint[];
  },
): Message & { readonly value: Readonly<Record<string, unknown>> } {
  const { objectIds, nonce, purpose = "TREAT", grantId } = request;
  const secrets = request.secrets ?? objectIds.map((objectId) => requestSecret(objectId, nonce));
  const objects = objectIds.map((objectId, at) => ({ objectId, requestPoint: pointHex(secrets[at]!) }));
  const context = releaseRequestContext(crypto, { chainId: chain.ledger.chainId, reader: reader.account, objectIds });
  return { type: "vault.request", value: { objects, purpose, ...(grantId && { grantId }), proof: proofOf(context, secrets) } };
}

/** s of one object in a request. */
export function requestSecret(objectId: string, nonce: string): bigint {
  return testScalar(`request ${objectId} ${nonce}`);
}

/** A grant of everything for treatment to the grantee, for an hour from now; `changes` replace fields. */
export function grantMessage(chain: TestChain, owner: TestAccount, grantId: string, changes: object = {}): Message {
  const period = { from: chain.now, until: chain.now + HOUR_MS };
  return {
    type: "vault.grant",
    value: { grantId, owner: owner.account, covers: { kind: "everything" }, purposes: ["TREAT"], ...period, ...changes },
  };
}

/** The log entry that a request left. */
export function releaseOf(chain: TestChain, result: TxResult): { readonly releaseId: string; readonly release: Release } {
  const releaseId = result.events[0]!.data.releaseId as string;
  return { releaseId, release: releases.get(chain.ledger.read(), releaseId)! };
}

/** Runs a query of the ledger on its durable state. */
export function ask<T>(chain: TestChain, name: string, parameters: unknown): T {
  const query = chain.ledger.version.queries.get(name);
  if (!query) throw new Error(`no query ${name}`);
  return query.run(chain.ledger.read(), parameters as never) as T;
}
