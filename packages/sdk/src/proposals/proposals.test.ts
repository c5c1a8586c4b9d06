import { defaultParameters } from "@galen/ledger/app/parameters";
import { approvalsVersion } from "@galen/ledger/modules/approvals/testing/scene";
import { expectDone, type TestAccount } from "@galen/ledger/testing/actors";
import { testBytes } from "@galen/ledger/testing/chain";
import { beforeEach, describe, expect, it } from "vitest";
import { type Client, createClient } from "../client/client.ts";
import { GalenError } from "../client/galen-error.ts";
import { actorOf, createFakeNode, type FakeNode } from "../client/testing/fake-node.ts";
import { provingClient } from "../proofs/testing/proving-client.ts";
import { fetchProposal } from "./proposal.ts";
import { approveProposal, declineProposal, executeProposal, propose, withdrawProposal } from "./vote.ts";

const wanted = { type: "governance.setParameters", value: { ...defaultParameters, maxBlockBytes: 70_000 } };

let town: FakeNode;
let client: Client;
beforeEach(async () => {
  town = await createFakeNode({ version: approvalsVersion });
  client = town.client;
  // Two members, who decide together.
  const { chain, hospital, board } = town;
  await expectDone(chain.run([hospital, board], { type: "governance.admitMember", value: { organisation: board.account } }));
});

async function proposed(by: TestAccount = town.hospital, asked: readonly TestAccount[] = [town.board]) {
  return propose(client, { as: [await actorOf(by)], messages: [wanted], asked: asked.map(({ account }) => account) });
}

async function idOf(running: Promise<unknown>): Promise<string> {
  try {
    await running;
    return "ok";
  } catch (error) {
    if (error instanceof GalenError) return error.id;
    throw error;
  }
}

describe("a proposal", () => {
  it("is fetched with what it would do and what it waits for, and approved as it was fetched", async () => {
    const { proposalId, state } = await proposed();
    expect(state).toBe("open");
    const proposal = await fetchProposal(client, proposalId);
    expect(proposal.decoded).toEqual([wanted]);
    expect(proposal.counting).toEqual([town.hospital.account]);
    expect(proposal.waitsFor?.id).toBe("governance/NotDecided");

    const vote = await approveProposal(client, { as: [await actorOf(town.board)], proposal });
    expect(vote).toMatchObject({ proposalId, state: "executed" });
    expect((await fetchProposal(client, proposalId)).proposal.ending?.how).toBe("executed");
  });

  it("is declined, withdrawn, tried again", async () => {
    const first = await proposed();
    const declined = await declineProposal(client, { as: [await actorOf(town.board)], proposalId: first.proposalId });
    expect(declined.state).toBe("declined");
    const second = await proposed();
    const own = { as: [await actorOf(town.hospital)], proposalId: second.proposalId };
    expect(await idOf(executeProposal(client, own))).toBe("governance/NotDecided");
    expect((await withdrawProposal(client, own)).state).toBe("withdrawn");
  });

  it("of what does not fit a schema is refused before anything is sent", async () => {
    const messages = [{ type: "governance.setParameters", value: { maxBlockBytes: 1 } }];
    expect(await idOf(propose(client, { as: [await actorOf(town.hospital)], messages, asked: [] }))).toBe("tx/InvalidMessage");
  });

  it("that a node tells falsely is no proposal", async () => {
    const { proposalId } = await proposed();
    const other = await propose(client, {
      as: [await actorOf(town.hospital)],
      messages: [{ type: "governance.cancelUpgrade", value: {} }],
      asked: [],
    });
    const lie = await fetchProposal(client, other.proposalId);
    const { result, height } = town.chain.ledger.query("approvals.proposal", { proposalId });
    const lying = createClient({
      url: "http://node.test",
      fetch: async () => Response.json({ height, result: { ...(result as object), messages: lie.messages } }),
    });
    expect(await idOf(fetchProposal(lying, proposalId))).toBe("client/UnexpectedAnswer");
  });

  it("is the one of its id to a client that trusts somebody, whatever a node tells under the id", async () => {
    const [asked, other] = [await proposed(), await proposed(town.hospital, [])];
    const { result } = town.chain.ledger.query("approvals.proposal", { proposalId: other.proposalId });
    const lying = provingClient(town.chain, { alterResult: () => result });
    const { proposal, decoded } = await fetchProposal(lying, asked.proposalId);
    expect([proposal.asked, decoded]).toEqual([[town.board.account], [wanted]]);
    expect(await idOf(fetchProposal(lying, testBytes("nobody's")))).toBe("approvals/UnknownProposal");
  });

  it("that is over is proven, too", async () => {
    const { proposalId } = await proposed();
    await withdrawProposal(client, { as: [await actorOf(town.hospital)], proposalId });
    expect((await fetchProposal(provingClient(town.chain), proposalId)).proposal.ending?.how).toBe("withdrawn");
  });

  it("is not signed when who looks at the bytes says no", async () => {
    const { height } = town.chain.ledger;
    const as = [await actorOf(town.hospital)];
    const beforeSigning = (): never => {
      throw new Error("not this");
    };
    await expect(propose(client, { as, messages: [wanted], asked: [], beforeSigning })).rejects.toThrow("not this");
    expect(town.chain.ledger.height).toBe(height);
  });
});
