import { describe, expect, it } from "vitest";
import { noFacts } from "../../app/block-facts.ts";
import { defaultParameters, parameters } from "../../app/parameters.ts";
import { expectDone, foundingBy, type TestAccount, testAccount, testAuthority } from "../../testing/actors.ts";
import { createTestChain, type TestActor, type TestChain, testKey } from "../../testing/chain.ts";
import type { Message } from "../../tx/transaction.ts";
import { foundVaultTown, sealedObject, sealMessage } from "../vault/testing/scene.ts";
import {
  about,
  approvalsVersion,
  approveMessage,
  clinic,
  foundAlliance,
  founders,
  HOUR_MS,
  hashOf,
  propose,
  proposedMessage,
  proposeMessage,
  stateOf,
  stranger,
} from "./testing/scene.ts";

const [north, east, south, west] = founders;
const asked = [east, south, west];
const change = (maxBlockBytes: number): Message => ({ type: "governance.setParameters", value: { ...defaultParameters, maxBlockBytes } });
const wanted = change(100_000);
const isChanged = (chain: TestChain) => parameters.get(chain.ledger, "current")!.maxBlockBytes !== defaultParameters.maxBlockBytes;

async function refusalOf(chain: TestChain, by: TestActor | readonly TestActor[], message: Message): Promise<string | undefined> {
  return (await chain.run(by, message)).refusal?.id;
}

function rotation({ account }: TestAccount, name: string): Message {
  return { type: "accounts.rotateKeys", value: { account, ...testAuthority(name, [testKey(name)]) } };
}

describe("approvals that must not count", () => {
  it("of accounts that are no members", async () => {
    const chain = await foundAlliance();
    const id = await propose(chain, north, proposeMessage(chain, [east, clinic, stranger], wanted));
    await expectDone(chain.run([clinic, stranger], approveMessage(chain, id)));
    expect([stateOf(chain, id), isChanged(chain)]).toEqual(["open", false]);
  });

  it("of a stranger's proposal by strangers", async () => {
    const chain = await foundAlliance();
    const id = await propose(chain, stranger, proposeMessage(chain, [clinic], wanted));
    await expectDone(chain.run(clinic, approveMessage(chain, id)));
    expect(isChanged(chain)).toBe(false);
  });

  it("of a member who has left since", async () => {
    const chain = await foundAlliance();
    const id = await propose(chain, north, proposeMessage(chain, asked, wanted));
    await expectDone(chain.run(west, approveMessage(chain, id)));
    await expectDone(chain.run(west, { type: "governance.removeMember", value: { organisation: west.account } }));
    // Three members are left, who decide together.
    await expectDone(chain.run(east, approveMessage(chain, id)));
    expect(isChanged(chain)).toBe(false);
    await expectDone(chain.run(south, approveMessage(chain, id)));
    expect(isChanged(chain)).toBe(true);
  });

  it("twice of one account, in two transactions or as two signers", async () => {
    const chain = await foundAlliance();
    const id = await propose(chain, north, proposeMessage(chain, asked, wanted));
    await expectDone(chain.run(east, approveMessage(chain, id)));
    expect(await refusalOf(chain, east, approveMessage(chain, id))).toBe("approvals/AlreadyApproved");
    expect(await refusalOf(chain, [east, east], approveMessage(chain, id))).toBe("tx/DuplicateSigner");
    expect(isChanged(chain)).toBe(false);
  });

  it("given by keys that were replaced since: they may have been a thief's", async () => {
    const chain = await foundAlliance();
    const id = await propose(chain, north, proposeMessage(chain, asked, wanted));
    await expectDone(chain.run(east, approveMessage(chain, id)));
    await expectDone(chain.run(east, rotation(east, "east again")));
    await expectDone(chain.run(south, approveMessage(chain, id)));
    expect([stateOf(chain, id), isChanged(chain)]).toEqual(["open", false]);

    await expectDone(chain.run({ ...east, keys: [testKey("east again")] }, approveMessage(chain, id)));
    expect([stateOf(chain, id), isChanged(chain)]).toEqual(["executed", true]);
  });

  it("given by keys that guardians have replaced", async () => {
    const chain = await foundAlliance();
    const guardians = { account: east.account, guardians: [stranger.account], threshold: 1, delayMs: HOUR_MS };
    await expectDone(chain.run(east, { type: "accounts.setGuardians", value: guardians }));
    const proposal = proposeMessage(chain, asked, wanted);
    const long = { ...proposal, value: { ...(proposal.value as object), expiresAt: chain.now + 9 * HOUR_MS } };
    const id = await propose(chain, north, long);
    await expectDone(chain.run(east, approveMessage(chain, id)));
    const recovery = { account: east.account, ...testAuthority("rescued", [testKey("rescued")]) };
    await expectDone(chain.run(stranger, { type: "accounts.startRecovery", value: recovery }));
    await chain.advance(HOUR_MS);
    await expectDone(chain.run(south, approveMessage(chain, id)));
    expect(isChanged(chain)).toBe(false);
  });

  it("given in the name of keys that will replace those that signed", async () => {
    const chain = await foundAlliance();
    const rescued = rotation(east, "rescued");
    const { keys, threshold, recordKey } = east.founding;
    const back: Message = { type: "accounts.rotateKeys", value: { account: east.account, keys, threshold, recordKey } };
    // Whoever stole the keys knows those that guardians have announced, and plants what they will have approved.
    const theft = proposeMessage(chain, [stranger], rotation(east, "thief"), rotation(stranger, "waits for its own yes"));
    expect(await refusalOf(chain, east, theft)).toBe(undefined);
    const planted = await chain.run(east, rescued, theft, back);
    expect(planted.refusal).toMatchObject({ id: "approvals/KeysChanged", details: { account: east.account } });
    const id = await propose(chain, north, proposeMessage(chain, asked, wanted));
    expect((await chain.run(east, rescued, approveMessage(chain, id), back)).refusal?.id).toBe("approvals/KeysChanged");
    // Before the rotation, by the keys that signed, it is as good as in a transaction of its own.
    await expectDone(chain.run(east, approveMessage(chain, id), rescued));
    await expectDone(chain.run(south, approveMessage(chain, id)));
    expect([stateOf(chain, id), isChanged(chain)]).toEqual(["open", false]);
  });

  it("when the proposer's own has lapsed: another one would act", async () => {
    const chain = await foundAlliance();
    const id = await propose(chain, north, proposeMessage(chain, asked, wanted));
    await expectDone(chain.run(north, rotation(north, "north again")));
    await expectDone(chain.run(asked, approveMessage(chain, id)));
    expect(isChanged(chain)).toBe(false);
    expect(await refusalOf(chain, east, about("execute", id))).toBe("approvals/ProposerLapsed");

    await expectDone(chain.run({ ...north, keys: [testKey("north again")] }, approveMessage(chain, id)));
    expect(isChanged(chain)).toBe(true);
  });

  it("after an approver changed its mind", async () => {
    const chain = await foundAlliance();
    const id = await propose(chain, north, proposeMessage(chain, asked, wanted));
    await expectDone(chain.run(east, approveMessage(chain, id)));
    await expectDone(chain.run(east, about("decline", id)));
    await expectDone(chain.run(south, approveMessage(chain, id)));
    expect([stateOf(chain, id), isChanged(chain)]).toEqual(["open", false]);
  });

  it("after the end of its time", async () => {
    const chain = await foundAlliance();
    const id = await propose(chain, north, proposeMessage(chain, asked, wanted));
    await expectDone(chain.run(east, approveMessage(chain, id)));
    chain.now += HOUR_MS;
    expect(await refusalOf(chain, south, approveMessage(chain, id))).toBe("approvals/Ended");
    expect(isChanged(chain)).toBe(false);
  });
});

describe("approvals of something else than was seen", () => {
  it("name the hash of what was shown, so a node that shows other messages gains nothing", async () => {
    const chain = await foundAlliance();
    const id = await propose(chain, north, proposeMessage(chain, asked, change(70_000)));
    const shown = { type: "approvals.approve", value: { proposalId: id, messagesHash: hashOf(north, wanted) } };
    expect(await refusalOf(chain, east, shown)).toBe("approvals/OtherMessages");
  });

  it("name who acts: the same messages of another proposer are another act", async () => {
    const chain = await foundAlliance();
    const id = await propose(chain, north, proposeMessage(chain, asked, wanted));
    const shown = { type: "approvals.approve", value: { proposalId: id, messagesHash: hashOf(east, wanted) } };
    expect(await refusalOf(chain, south, shown)).toBe("approvals/OtherMessages");
  });

  it("cannot be moved to another chain", async () => {
    const [here, there] = [
      await foundAlliance(),
      await createTestChain({ version: approvalsVersion, modules: foundingBy(...founders), chainId: "other-chain" }),
    ];
    const id = await propose(here, north, proposeMessage(here, asked, wanted));
    const { txResults } = await there.block(here.sign([east], [approveMessage(here, id)]));
    expect(txResults[0]!.refusal?.id).toBe("tx/WrongChain");
  });

  it("count for one proposal, not for its repetition", async () => {
    const chain = await foundAlliance();
    const first = await propose(chain, north, proposeMessage(chain, asked, wanted));
    await expectDone(chain.run(east, approveMessage(chain, first)));
    const second = await propose(chain, north, proposeMessage(chain, asked, wanted));
    await expectDone(chain.run(south, approveMessage(chain, second)));
    expect([stateOf(chain, first), stateOf(chain, second), isChanged(chain)]).toEqual(["open", "open", false]);
  });
});

describe("messages that must not hide in a proposal", () => {
  const sealed = (owner: TestAccount) => sealMessage(sealedObject(owner, "document"));

  it("proposals: no recursion", async () => {
    const chain = await foundAlliance();
    const id = await propose(chain, north, proposeMessage(chain, asked, wanted));
    for (const nested of [proposeMessage(chain, asked, wanted), approveMessage(chain, id), about("withdraw", id)])
      expect(await refusalOf(chain, north, proposeMessage(chain, asked, nested))).toBe("approvals/Nested");
  });

  it("those that name blobs: nobody would have stated to hold them", async () => {
    const { chain, patient, neighbour } = await foundVaultTown({ version: approvalsVersion });
    const proposal = proposeMessage(chain, [neighbour], sealed(patient));
    expect(await refusalOf(chain, patient, proposal)).toBe("tx/InnerBlobs");
  });

  it("the founding of an account: its keys have signed nothing", async () => {
    const chain = await foundAlliance();
    const newcomer = testAccount("newcomer");
    const id = await propose(chain, north, proposeMessage(chain, asked, newcomer.create));
    expect(stateOf(chain, id)).toBe("open");
    expect(await refusalOf(chain, north, about("execute", id))).toBe("accounts/NotOwner");
  });

  it("what an approver has not signed for: somebody else's account", async () => {
    const chain = await foundAlliance();
    const id = await propose(chain, north, proposeMessage(chain, [east], rotation(south, "thief")));
    await expectDone(chain.run(east, approveMessage(chain, id)));
    expect(stateOf(chain, id)).toBe("open");
  });

  it("more than can run at every vote", async () => {
    const chain = await foundAlliance();
    const keys = Array.from({ length: 16 }, (_, i) => testKey(`key-${i}`));
    const large: Message = { type: "accounts.rotateKeys", value: { account: north.account, ...testAuthority("large", keys) } };
    const capsules = Array.from({ length: 64 }, () => ({ objectId: "00".repeat(32) }));
    const erase: Message = { type: "vault.erase", value: { objectIds: capsules.map(({ objectId }) => objectId) } };
    expect(proposedMessage(erase).value.length / 2).toBeGreaterThan(2_000);
    expect(await refusalOf(chain, north, proposeMessage(chain, asked, erase, erase, erase, large))).toBe(undefined);
    expect(await refusalOf(chain, north, proposeMessage(chain, asked, erase, erase, erase, erase))).toBe("approvals/TooLarge");
  });
});

it("a proposal of an older version of the ledger executes no more", async () => {
  const next = { ...approvalsVersion, number: approvalsVersion.number + 1 };
  const chain = await createTestChain({ version: [approvalsVersion, next], modules: foundingBy(...founders) });
  const id = await propose(chain, north, proposeMessage(chain, asked, wanted));
  const plan = { height: chain.ledger.height + 3, version: next.number };
  await expectDone(chain.run([north, east, south], { type: "governance.scheduleUpgrade", value: plan }));
  await chain.block();
  expect(await refusalOf(chain, [east, south], approveMessage(chain, id))).toBe("approvals/OtherVersion");
  expect(isChanged(chain)).toBe(false);
  await expectDone(chain.run(north, about("withdraw", id)));
});

describe("a transaction that comes between a block and its commit", () => {
  it("is judged on what the block has left, also when the block has ended a proposal that somebody was just approving", async () => {
    const chain = await foundAlliance();
    const { ledger } = chain;
    const expiresAt = chain.now + 61_000;
    const proposal = proposeMessage(chain, [east], wanted);
    const id = await propose(chain, stranger, { ...proposal, value: { ...(proposal.value as object), expiresAt } });
    await chain.advance(expiresAt - chain.now - 5_000);
    const check = (by: TestActor, message: Message) => ledger.checkTx(ledger.prepare(chain.sign([by], [message], expiresAt + 10_000)));
    expect(check(east, approveMessage(chain, id)).code).toBe(0);
    ledger.finalizeBlock({ ...noFacts, height: ledger.height + 1, time: expiresAt, txs: [] });
    expect(check(stranger, about("withdraw", id)).refusal?.id).toBe("approvals/Ended");
    await ledger.commit();
  });
});
