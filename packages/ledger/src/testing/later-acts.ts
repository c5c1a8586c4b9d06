import { approveMessage, propose, proposeMessage } from "../modules/approvals/testing/scene.ts";
import { allowMessage, emergencyMessage, forbidMessage, reviewMessage } from "../modules/emergency/testing/scene.ts";
import { releaseOf, sealedObject, sealMessage, type VaultTown } from "../modules/vault/testing/scene.ts";
import { expectDone, LICENCE_ID, type TestAccount, testAccount, testAuthority } from "./actors.ts";
import { testBytes } from "./chain.ts";

/** Acts that need rules which version 1 has not; each at every version that knows its messages, refused ones among them. `label` makes them others. */
export async function actUnderLaterRules(town: VaultTown, label: string): Promise<void> {
  const { messages } = town.chain.ledger.version;
  if (messages.has("approvals.propose")) await decideTogether(town, label);
  if (messages.has("emergency.request")) await readInEmergency(town, label);
  if (messages.has("tokens.mint")) await moveTokens(town, label);
  if (messages.has("anchors.record")) await anchor(town);
}

/** Of two proposals one is approved and executed; whoever is asked for the other changes keys. */
async function decideTogether({ chain, hospital, clinician, stranger }: VaultTown, label: string): Promise<void> {
  const [guest, careless] = [testAccount(`guest ${label}`), testAccount(`careless ${label}`)];
  await expectDone(chain.run([guest, careless], guest.create, careless.create));
  const rotation = (account: TestAccount, changes: object) => {
    return { type: "accounts.rotateKeys", value: { account: account.account, ...testAuthority(`${label} anew`), ...changes } };
  };
  await chain.run(careless, rotation(careless, { recordKey: "00".repeat(32) })); // anybody opens what is sealed to it: refused from version 4 on

  const member = { organisation: hospital.account, member: guest.account };
  const appoint = { type: "accounts.setMember", value: { ...member, roles: ["nurse"], until: chain.now + 3_500 } };
  const proposalId = await propose(chain, clinician, proposeMessage(chain, [hospital], appoint));
  await expectDone(chain.run(hospital, approveMessage(chain, proposalId)));
  await chain.run(stranger, approveMessage(chain, proposalId)); // not asked: refused
  const leave = { type: "accounts.removeMember", value: member };
  const asked = await propose(chain, clinician, proposeMessage(chain, [guest], leave));
  await chain.run(guest, rotation(guest, {}), approveMessage(chain, asked)); // with keys of the same transaction: refused from version 5 on
  chain.now += 5_000;
  await chain.run(hospital, leave); // after the membership's own end, if it is still there
}

/** The clinician reads with a licence that is suspended again afterwards, and answers for the patient, who has to say so alone from version 4 on. */
async function readInEmergency({ chain, board, clinician, patient, stranger }: VaultTown, label: string): Promise<void> {
  const object = sealedObject(patient, `document ${label}`);
  const request = (nonce: string) => emergencyMessage(chain, clinician, { objectIds: [object.objectId], nonce: `${label} ${nonce}` });
  const scopes = ["log.read"];
  const delegation = { owner: patient.account, delegate: clinician.account, scopes, until: chain.now + 60_000, ground: "chosen" };
  await expectDone(chain.run(patient, sealMessage(object), { type: "accounts.delegate", value: delegation }));
  await expectDone(chain.run(board, { type: "credentials.reinstate", value: { credentialId: LICENCE_ID } }));
  await chain.run(clinician, request("before it may")); // logged as refused
  await expectDone(chain.run(patient, allowMessage(patient)));
  const { releaseId } = releaseOf(chain, await expectDone(chain.run(clinician, request("when it may"))));
  await chain.run(clinician, reviewMessage(releaseId)); // of one's own use
  await chain.run(patient, reviewMessage(releaseId, undefined, "unjustified"));
  await expectDone(chain.run(patient, forbidMessage(patient)));
  await chain.run(stranger, allowMessage(patient)); // not the owner: refused
  const suspension = { credentialId: LICENCE_ID, from: chain.now, reasonCode: "safety" };
  await expectDone(chain.run(board, { type: "credentials.suspend", value: suspension }));
  await expectDone(chain.run(patient, { type: "vault.erase", value: { objectIds: [object.objectId] } }));
}

async function moveTokens({ chain, alliance, clinician, patient }: VaultTown, label: string): Promise<void> {
  const tokenKind = `points.${label}`;
  const transfer = (amount: number) => ({
    type: "tokens.transfer",
    value: { tokenKind, sender: patient.account, recipient: clinician.account, amount },
  });
  const mint = { type: "tokens.mint", value: { tokenKind, account: patient.account, amount: 10 } };
  await expectDone(chain.run(alliance, { type: "tokens.register", value: { tokenKind } }, mint));
  await expectDone(chain.run(patient, transfer(4)));
  await chain.run(patient, transfer(7)); // more than is left: refused
}

async function anchor({ chain, hospital, clinician }: VaultTown): Promise<void> {
  const height = chain.ledger.height;
  const value = { height, headerHash: testBytes(`header ${height}`), place: "https://gazette.example/Ω" };
  await expectDone(chain.run(hospital, { type: "anchors.record", value }));
  await chain.run(clinician, { type: "anchors.record", value }); // no member: refused
}
