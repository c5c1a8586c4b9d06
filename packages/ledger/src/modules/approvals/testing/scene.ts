import { compileVersion, type LedgerVersion } from "../../../app/version.ts";
import { bytesToHex } from "../../../crypto/hex.ts";
import { portableCrypto } from "../../../crypto/portable.ts";
import { expectDone, foundingBy, type TestAccount, testAccount } from "../../../testing/actors.ts";
import { createTestChain, type TestActor, type TestChain } from "../../../testing/chain.ts";
import type { Message } from "../../../tx/transaction.ts";
import { custodyModule } from "../../custody/index.ts";
import { nodesVersion } from "../../validators/testing/scene.ts";
import { vaultModule } from "../../vault/index.ts";
import { approvalsModule } from "../index.ts";
import { messagesHashOf } from "../messages-hash.ts";
import type { ProposedMessage } from "../schema.ts";
import { proposals } from "../state.ts";

/** Everything whose messages the tests propose. */
export const approvalsVersion: LedgerVersion = {
  ...nodesVersion,
  modules: [...nodesVersion.modules, custodyModule, vaultModule, approvalsModule],
};
const { codec } = compileVersion(approvalsVersion);

const organisation = (name: string) => testAccount(name, { kind: "organisation" });
export const founders = ["north", "east", "south", "west"].map(organisation) as [TestAccount, TestAccount, TestAccount, TestAccount];
export const clinic = organisation("clinic");
export const doctor = testAccount("doctor");
export const stranger = testAccount("stranger");

export const HOUR_MS = 3_600_000;

/** Four members who decide by three; a clinic, a doctor and a stranger have accounts. */
export async function foundAlliance({ version = approvalsVersion } = {}): Promise<TestChain> {
  const chain = await createTestChain({ version, modules: foundingBy(...founders) });
  await expectDone(chain.run([clinic, doctor, stranger], clinic.create, doctor.create, stranger.create));
  return chain;
}

/** A message as a proposal carries it. */
export function proposedMessage(message: Message): ProposedMessage {
  return { type: message.type, value: bytesToHex(codec.encodeValue(message)) };
}

/** A proposal for an hour. */
export function proposeMessage(chain: TestChain, asked: readonly TestActor[], ...messages: readonly Message[]): Message {
  const value = { messages: messages.map(proposedMessage), asked: asked.map(({ account }) => account), expiresAt: chain.now + HOUR_MS };
  return { type: "approvals.propose", value };
}

/** Makes a proposal and returns its id. Throws unless it is there afterwards. */
export async function propose(chain: TestChain, by: TestActor | readonly TestActor[], proposal: Message): Promise<string> {
  const { events } = await expectDone(chain.run(by, proposal));
  return events.find(({ type }) => type === "approvals.proposed")!.data.proposalId as string;
}

/** The approval of a proposal as it stands on the ledger. */
export function approveMessage({ ledger }: TestChain, proposalId: string): Message {
  const messagesHash = proposals.get(ledger, proposalId)?.messagesHash ?? "00".repeat(32);
  return { type: "approvals.approve", value: { proposalId, messagesHash } };
}

/** The hash of what somebody else would propose. */
export function hashOf(proposer: TestActor, ...messages: readonly Message[]): string {
  return messagesHashOf(
    { proposer: proposer.account, version: approvalsVersion.number, messages: messages.map(proposedMessage) },
    portableCrypto,
  );
}

export const about = (verb: "decline" | "withdraw" | "execute", proposalId: string): Message => ({
  type: `approvals.${verb}`,
  value: { proposalId },
});

/** `open`, or how it ended. */
export function stateOf({ ledger }: TestChain, proposalId: string): string {
  return proposals.get(ledger, proposalId)!.ending?.how ?? "open";
}
