import { subscribe } from "@galen/sdk/client/subscribe";
import { fetchProposal, listProposals } from "@galen/sdk/proposals/proposal";
import { approveProposal, declineProposal, propose } from "@galen/sdk/proposals/vote";
import type { OwnAccount } from "@galen/sdk/transactions/own-account";
import { submit } from "@galen/sdk/transactions/submit";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startTestNetwork, type TestNetwork } from "../testing/test-network.ts";

let network: TestNetwork;
let patient: OwnAccount;
let doctor: OwnAccount;
let stranger: OwnAccount;

beforeAll(async () => {
  network = await startTestNetwork();
  [patient, doctor, stranger] = [await network.person("patient"), await network.person("doctor"), await network.person("stranger")];
});
afterAll(() => network.close());

const DAY_MS = 86_400_000;

/** The doctor asks the patient, or who acts for the patient, for access to everything. */
function ask(grantId: string, asked: readonly OwnAccount[] = [patient]) {
  const value = {
    grantId: grantId.repeat(64),
    owner: patient.account,
    grantee: { kind: "person", account: doctor.account },
    covers: { kind: "everything" },
    purposes: ["TREAT"],
    from: 0,
    until: network.client.now() + DAY_MS,
  };
  const messages = [{ type: "vault.grant", value }];
  return propose(network.client, { as: [doctor], messages, asked: asked.map(({ account }) => account) });
}

/** What an account hears from the first block on, until `count` notices came. */
async function hearsFirst(as: OwnAccount, count: number): Promise<readonly unknown[]> {
  const heard: unknown[] = [];
  for await (const { event, data } of subscribe(network.client, { topics: ["proposals"], as, after: "1/0" })) {
    if (event === "proposal") heard.push(data.type);
    if (heard.length === count) break;
  }
  return heard;
}

describe("proposals", () => {
  it("are listed and told to those whom they concern", async () => {
    const { proposalId } = await ask("1");
    const other = await propose(network.client, {
      as: [stranger],
      messages: [{ type: "governance.cancelUpgrade", value: {} }],
      asked: [network.hospital.account],
    });
    const listed = async (voter: OwnAccount) =>
      (await listProposals(network.client, { voter: voter.account })).items.map((row) => row.proposalId);
    expect(await listed(patient)).toEqual([proposalId]);
    expect(await listed(doctor)).toEqual([proposalId]);
    expect(await listed(stranger)).toEqual([other.proposalId]);
    const about = async (kind: "access" | "decision") =>
      (await listProposals(network.client, { about: kind })).items.map((row) => row.proposalId);
    expect([await about("access"), await about("decision")]).toEqual([[proposalId], [other.proposalId]]);

    const proposal = await fetchProposal(network.client, proposalId);
    expect((await approveProposal(network.client, { as: [patient], proposal })).state).toBe("executed");
    expect(await listed(patient)).toEqual([]);
    const told = ["approvals.proposed", "approvals.notExecuted", "approvals.approved", "approvals.ended"];
    expect(await hearsFirst(patient, 4)).toEqual(told);
    expect(await hearsFirst(doctor, 4)).toEqual(told);
    expect(await hearsFirst(stranger, 2)).toEqual(["approvals.proposed", "approvals.notExecuted"]);
  });

  it("that ask for access are declined for good", async () => {
    const { proposalId } = await ask("2");
    expect((await declineProposal(network.client, { as: [patient], proposalId })).state).toBe("declined");
  });

  it("that ask for access are approved by who acts for the owner, too", async () => {
    const { proposalId } = await ask("5", [patient, stranger]);
    const delegation = { owner: patient.account, delegate: stranger.account, scopes: ["vault.grant"], ground: "chosen" };
    const until = network.client.now() + DAY_MS;
    await submit(network.client, { actors: [patient], messages: [{ type: "accounts.delegate", value: { ...delegation, until } }] });
    const proposal = await fetchProposal(network.client, proposalId);
    expect((await approveProposal(network.client, { as: [stranger], proposal })).state).toBe("executed");
  });
});
