import fc from "fast-check";
import { beforeEach, describe, expect, it } from "vitest";
import type { MessageKind } from "../app/define-module.ts";
import type { TxResult } from "../app/execute.ts";
import { Refusal } from "../app/refusal.ts";
import { compileVersion } from "../app/version.ts";
import { portableCrypto } from "../crypto/portable.ts";
import { expectDone, LICENCE_ID, type TestAccount, testAuthority } from "../testing/actors.ts";
import { arbitraryOf, type KnownValues } from "../testing/arbitrary-of-schema.ts";
import { testBytes, VALIDATOR } from "../testing/chain.ts";
import type { Message } from "../tx/transaction.ts";
import { recoveryIdOf } from "./accounts/account-id.ts";
import { proposals } from "./approvals/state.ts";
import { propose, proposedMessage, proposeMessage } from "./approvals/testing/scene.ts";
import { pointHex, startCeremony, testScalar } from "./custody/testing/custodians.ts";
import { allowMessage, emergencyMessage } from "./emergency/testing/scene.ts";
import { ledgerVersions } from "./index.ts";
import {
  foundVaultTown,
  grantMessage,
  HOUR_MS,
  releaseOf,
  requestMessage,
  sealedObject,
  sealMessage,
  type VaultTown,
} from "./vault/testing/scene.ts";

const version = ledgerVersions.at(-1)!;
/** Without the one whose purpose it is that a program without the planned version stops. */
const kinds = [...compileVersion(version).messages.values()].filter(({ type }) => type !== "governance.scheduleUpgrade");
const RUNS = 20;
const TIMEOUT_MS = 60_000;

let town: VaultTown;
let actors: readonly TestAccount[];
let known: KnownValues;
const outcomes = new Map<string, number>();

beforeEach(async () => {
  town = await foundVaultTown({ version });
  const { hospital, board, clinician, patient, neighbour, daughter, nurse, stranger } = town;
  actors = [hospital, board, clinician, patient, neighbour, daughter, nurse, stranger];
  known = await writeKnownValues(town);
});

/** Writes something of everything that messages can name, and lists it by the fields that name it. */
async function writeKnownValues({ chain, hospital, clinician, patient, neighbour }: VaultTown): Promise<KnownValues> {
  const [object, document, unsealed] = [sealedObject(patient, "a"), sealedObject(neighbour, "b"), sealedObject(patient, "c")];
  const grantId = testBytes("grant");
  const guardians = { account: patient.account, guardians: [neighbour.account], threshold: 1, delayMs: 1_000 * HOUR_MS };
  const recovery = { account: patient.account, ...testAuthority("patient again") };
  const grantee = { kind: "person", account: clinician.account };
  const request = requestMessage(chain, clinician, { objectIds: [object.objectId], nonce: "1", grantId });
  await expectDone(chain.run(patient, sealMessage(object), grantMessage(chain, patient, grantId, { grantee })));
  await expectDone(chain.run(hospital, { type: "records.add", value: { documents: [{ object: document, relation: { kind: "none" } }] } }));
  await expectDone(chain.run(clinician, request));
  await expectDone(chain.run(patient, { type: "accounts.setGuardians", value: guardians }));
  await expectDone(chain.run(neighbour, { type: "accounts.startRecovery", value: recovery }));
  const tokens = { tokenKind: "shares", account: hospital.account, amount: 1_000 };
  await expectDone(
    chain.run(hospital, { type: "tokens.register", value: { tokenKind: "shares" } }, { type: "tokens.mint", value: tokens }),
  );
  const ceremonyId = await startCeremony(chain, hospital, {
    kind: "reshare",
    threshold: 1,
    custodians: [{ ...clinician, house: { ...hospital, nodeKey: VALIDATOR } }],
  });
  await expectDone(chain.run(patient, allowMessage(patient)));
  const emergency = emergencyMessage(chain, clinician, { objectIds: [object.objectId], nonce: "emergency" });
  const { releaseId } = releaseOf(chain, await expectDone(chain.run(clinician, emergency)));
  const decision = { type: "governance.removeIssuer", value: { issuer: patient.account } };
  const proposalId = await propose(chain, patient, proposeMessage(chain, [neighbour, clinician], decision));
  const { messagesHash } = proposals.get(chain.ledger, proposalId)!;

  const accounts = actors.map(({ account }) => account);
  const byAccount = [
    "account",
    "owner",
    "delegate",
    "organisation",
    "member",
    "issuer",
    "holder",
    "guardians",
    "sender",
    "recipient",
    "asked",
  ];
  const times = [chain.now - HOUR_MS, chain.now, chain.now + HOUR_MS];
  const objectIds = [object, document, unsealed].map(({ objectId }) => objectId);
  const { objectId: _, owner: __, policy, sizeBucketBytes: ___, ...sealed } = unsealed;
  return {
    ...Object.fromEntries(byAccount.map((field) => [field, accounts])),
    ...Object.fromEntries(["from", "until", "validFrom", "validUntil"].map((field) => [field, times])),
    ...Object.fromEntries(Object.entries(sealed).map(([field, value]) => [field, [value]])),
    ...{ objectId: objectIds, objectIds, ids: objectIds, compartment: [policy.compartment], labels: [policy.compartment] },
    ...{ grantId: [grantId], releaseId: [releaseId], credentialId: [LICENCE_ID], ceremonyId: [ceremonyId] },
    ...{ proposalId: [proposalId], messagesHash: [messagesHash], expiresAt: times },
    ...Object.fromEntries(Object.entries(proposedMessage(decision)).map(([field, value]) => [field, [value]])),
    ...{ tokenKind: ["shares"], amount: [1, 10, 500], epochBlocks: [8, 9], height: [chain.ledger.height] },
    recoveryId: [recoveryIdOf(recovery, portableCrypto)],
    publicKey: actors.flatMap(({ founding }) => founding.keys.map(({ publicKey }) => publicKey)),
    ...{ threshold: [1], weight: [1], dealer: [1], receiver: [1], commitments: [pointHex(testScalar("some"))] },
  };
}

interface Case {
  readonly values: readonly unknown[];
  readonly signers: readonly TestAccount[];
  /** Before the block. */
  readonly passedMs: number;
}

function casesOf({ schema }: MessageKind): fc.Arbitrary<Case> {
  return fc.record({
    values: fc.array(arbitraryOf(schema, known), { minLength: 1, maxLength: 2 }),
    signers: fc.oneof(fc.shuffledSubarray([...actors], { minLength: 1 }), fc.shuffledSubarray([...actors], { minLength: actors.length })),
    passedMs: fc.constantFrom(0, 0, 0, 60_000, HOUR_MS),
  });
}

/** Signed bytes; undefined if the values do not fit into one transaction. */
function signed(type: string, { values, signers }: Case): Uint8Array | undefined {
  const messages: Message[] = values.map((value) => ({ type, value }));
  try {
    return town.chain.sign(signers, messages);
  } catch (error) {
    if (error instanceof Refusal && error.kind.id === "tx/TooLarge") return undefined;
    throw error;
  }
}

function expectVerdict({ code, refusal, events }: TxResult): void {
  expect(code === 0).toBe(refusal === undefined);
  if (refusal) expect(events).toEqual([]);
  const outcome = refusal?.id ?? "executed";
  outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
}

describe("whatever fits the schemas ends in an execution or a refusal, never in an error that would halt the chain", () => {
  it.each(kinds.map((kind) => [kind.type, kind] as const))("%s", { timeout: TIMEOUT_MS }, async (type, kind) => {
    const { chain } = town;
    const tries = fc.asyncProperty(casesOf(kind), async (one) => {
      if (one.passedMs > 0) await chain.advance(one.passedMs);
      const bytes = signed(type, one);
      if (!bytes) return;
      expectVerdict(chain.ledger.checkTx(chain.ledger.prepare(bytes)));
      expectVerdict((await chain.block(bytes)).txResults[0]!);
    });
    await fc.assert(tries, { numRuns: RUNS });
    await chain.checkInvariants();
    await chain.checkReplay();
  });

  it("because of what the handlers found, not because nobody came so far", () => {
    expect(outcomes.get("executed")).toBeGreaterThan(10);
    expect(outcomes.size).toBeGreaterThan(30);
  });
});
