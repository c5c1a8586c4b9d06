import { describe, expect, it } from "vitest";
import { defaultParameters, parameters } from "../../app/parameters.ts";
import { expectDone, testAuthority } from "../../testing/actors.ts";
import { ask } from "../../testing/ask.ts";
import { type TestActor, type TestChain, testKey, VALIDATOR } from "../../testing/chain.ts";
import { refusalOf, refusalTable } from "../../testing/refusal-table.ts";
import type { Message } from "../../tx/transaction.ts";
import { offerKeys, startMessage } from "../custody/testing/custodians.ts";
import { errors as governance } from "../governance/errors.ts";
import { isMember } from "../governance/index.ts";
import { MAX_EXPIRED_PER_BLOCK, MAX_LISTED, MAX_OPEN, MAX_WINDOW_MS, MIN_WINDOW_MS } from "./schema.ts";
import { openCounts, proposals } from "./state.ts";
import {
  about,
  approveMessage,
  clinic,
  doctor,
  foundAlliance,
  founders,
  HOUR_MS,
  propose,
  proposedMessage,
  proposeMessage,
  stateOf,
  stranger,
} from "./testing/scene.ts";

const [north, east, south, west] = founders;
const NOBODY = "ab".repeat(32);

const setParameters = (maxBlockBytes: number): Message => ({
  type: "governance.setParameters",
  value: { ...defaultParameters, maxBlockBytes },
});
const admit: Message = { type: "governance.admitMember", value: { organisation: clinic.account } };
const register: Message = { type: "governance.registerIssuer", value: { issuer: clinic.account, credentialTypes: ["degree"] } };
const strike: Message = { type: "governance.removeIssuer", value: { issuer: clinic.account } };
const greeting = { type: "accounts.greet", value: "" };

const changed = (message: Message, change: object): Message => ({ ...message, value: { ...(message.value as object), ...change } });
const blockBytes = (chain: TestChain) => parameters.get(chain.ledger, "current")!.maxBlockBytes;
const asked = [east, south, west];

it("a proposal waits for a minute at least and for 90 days at most", async () => {
  const chain = await foundAlliance();
  const now = chain.ledger.time;
  const template = proposeMessage(chain, asked, setParameters(100_000));
  const refused = [now + MIN_WINDOW_MS - 1, now + MIN_WINDOW_MS, now + MAX_WINDOW_MS, now + MAX_WINDOW_MS + 1].map((expiresAt) =>
    refusalOf(chain, [north], [changed(template, { expiresAt })]),
  );
  expect(refused).toEqual(["approvals/BadWindow", undefined, undefined, "approvals/BadWindow"]);
});

it("a proposal carries 8,192 bytes of messages, and not one more", async () => {
  const chain = await foundAlliance();
  const template = proposeMessage(chain, asked, setParameters(100_000));
  const sized = (...sizes: readonly number[]) => {
    const messages = sizes.map((size) => ({ type: admit.type, value: "00".repeat(size) }));
    return refusalOf(chain, [north], [changed(template, { messages })]);
  };
  // What fits is read, and then it is no message.
  expect([sized(4_096, 4_096), sized(4_096, 4_097)]).toEqual(["tx/InvalidMessage", "approvals/TooLarge"]);
});

it("who has declined does not approve with another one either", async () => {
  const chain = await foundAlliance();
  const proposalId = await propose(chain, north, proposeMessage(chain, asked, setParameters(100_000)));
  await expectDone(chain.run(west, about("decline", proposalId)));
  const by = (...voters: readonly TestActor[]) => refusalOf(chain, voters, [approveMessage(chain, proposalId)]);
  expect([by(east, west), by(west), by(east)]).toEqual(["approvals/AlreadyDeclined", "approvals/AlreadyDeclined", undefined]);
});

describe("a proposal", () => {
  let template: Message;
  let now = 0;
  refusalTable(async () => {
    const chain = await foundAlliance();
    now = chain.now;
    template = proposeMessage(chain, asked, setParameters(100_000));
    return chain;
  }, [
    ["of a member", undefined, [north], lazily(() => template)],
    ["of anybody: the messages say who may", undefined, [stranger], lazily(() => template)],
    ["of several at once, one of them asked", undefined, [north, east], lazily(() => template)],
    ["to nobody", undefined, [north], lazily(() => changed(template, { asked: [] }))],
    ["to an account that does not exist", "accounts/UnknownAccount", [north], lazily(() => changed(template, { asked: [NOBODY] }))],
    ["to an account twice", "approvals/RepeatedAccount", [north], lazily(() => changed(template, { asked: [east.account, east.account] }))],
    ["for less than a minute", "approvals/BadWindow", [north], lazily(() => changed(template, { expiresAt: now + MIN_WINDOW_MS - 1_001 }))],
    ["for more than 90 days", "approvals/BadWindow", [north], lazily(() => changed(template, { expiresAt: now + MAX_WINDOW_MS + 1_000 }))],
    ["of an unknown kind of message", "tx/UnknownMessage", [north], lazily(() => changed(template, { messages: [greeting] }))],
    [
      "of bytes that are no message",
      "tx/InvalidMessage",
      [north],
      lazily(() => changed(template, { messages: [{ type: admit.type, value: "00" }] })),
    ],
    [
      "of a message with bytes after its end",
      "tx/InvalidMessage",
      [north],
      lazily(() => changed(template, { messages: [{ ...proposedMessage(admit), value: `${proposedMessage(admit).value}00` }] })),
    ],
  ]);

  it("ends after as many open ones of one account as there may be", async () => {
    const chain = await foundAlliance();
    const one = proposeMessage(chain, asked, setParameters(100_000));
    for (let open = 0; open < MAX_OPEN; open++) await expectDone(chain.run(north, one));
    expect((await chain.run(north, one)).refusal?.id).toBe("approvals/TooManyOpen");
    await expectDone(chain.run(east, one));
    const { proposals: listed } = ask(chain, "approvals.open") as { proposals: { proposalId: string }[] };
    expect(listed).toHaveLength(MAX_LISTED);
    // All expire at one moment, from which alone the list would begin anew.
    const last = { from: (one.value as { expiresAt: number }).expiresAt, after: listed.at(-1)!.proposalId };
    const { proposals: rest } = ask(chain, "approvals.open", last) as { proposals: { proposalId: string }[] };
    expect(new Set([...listed, ...rest].map(({ proposalId }) => proposalId)).size).toBe(MAX_OPEN + 1);
    expect(rest).toHaveLength(MAX_OPEN + 1 - MAX_LISTED);
    await expectDone(
      chain.run(north, about("withdraw", listed.find(({ proposalId }) => proposerOf(chain, proposalId) === north.account)!.proposalId)),
    );
    await expectDone(chain.run(north, one));
    await chain.checkInvariants();
  });
});

function proposerOf(chain: TestChain, proposalId: string): string {
  return proposals.get(chain.ledger, proposalId)!.proposer;
}

/** A message that is known only when the chain of the table is there. */
function lazily(message: () => Message): Message {
  return {
    get type() {
      return message().type;
    },
    get value() {
      return message().value;
    },
  };
}

describe("voting", () => {
  let chain: TestChain;
  let id = "";
  const approval = lazily(() => approveMessage(chain, id));
  refusalTable(async () => {
    chain = await foundAlliance();
    id = await propose(chain, north, proposeMessage(chain, [...asked, clinic], setParameters(100_000)));
    await expectDone(chain.run(west, about("decline", id)));
    return chain;
  }, [
    ["approval of one who is asked", undefined, [east], approval],
    ["approval of two at once", undefined, [east, south], approval],
    ["approval of one who is not asked", "approvals/NotAsked", [stranger], approval],
    ["approval of the proposer, who has approved", "approvals/AlreadyApproved", [north], approval],
    ["approval twice in one transaction", "approvals/AlreadyApproved", [east], approval, approval],
    ["approval after declining", "approvals/AlreadyDeclined", [west], approval],
    [
      "approval of another hash",
      "approvals/OtherMessages",
      [east],
      lazily(() => changed(approveMessage(chain, id), { messagesHash: NOBODY })),
    ],
    [
      "approval of an unknown proposal",
      "approvals/UnknownProposal",
      [east],
      lazily(() => changed(approveMessage(chain, id), { proposalId: NOBODY })),
    ],
    ["declining", undefined, [east], lazily(() => about("decline", id))],
    ["declining twice", "approvals/AlreadyDeclined", [west], lazily(() => about("decline", id))],
    ["declining after approving", undefined, [east], approval, lazily(() => about("decline", id))],
    ["declining by the proposer, who withdraws instead", "approvals/NotAsked", [north], lazily(() => about("decline", id))],
    ["declining by one who is not asked", "approvals/NotAsked", [stranger], lazily(() => about("decline", id))],
    ["withdrawing", undefined, [north], lazily(() => about("withdraw", id))],
    ["withdrawing by another", "approvals/NotProposer", [east], lazily(() => about("withdraw", id))],
    ["withdrawing twice", "approvals/Ended", [north], lazily(() => about("withdraw", id)), lazily(() => about("withdraw", id))],
    ["trying again too early hears why", "governance/NotDecided", [north], lazily(() => about("execute", id))],
    ["trying again by a stranger", "approvals/NotAsked", [stranger], lazily(() => about("execute", id))],
    ["anything after the end", "approvals/Ended", [north, east, south], approval, approval],
  ]);
});

describe("execution", () => {
  it("comes with the approval that suffices, in its block, and once", async () => {
    const chain = await foundAlliance();
    const id = await propose(chain, north, proposeMessage(chain, asked, setParameters(100_000)));
    await expectDone(chain.run(east, approveMessage(chain, id)));
    expect([stateOf(chain, id), blockBytes(chain)]).toEqual(["open", defaultParameters.maxBlockBytes]);
    expect(proposals.get(chain.ledger, id)!.refusalCode).toBe(governance.NotDecided.kind.code);

    const { events } = await expectDone(chain.run(south, approveMessage(chain, id)));
    expect(events.map(({ type }) => type)).toEqual(["approvals.approved", "governance.parametersSet", "approvals.ended"]);
    expect([stateOf(chain, id), blockBytes(chain)]).toEqual(["executed", 100_000]);
    expect((await chain.run(west, approveMessage(chain, id))).refusal?.id).toBe("approvals/Ended");
    await chain.checkInvariants();
    await chain.checkReplay();
  });

  it("comes at once when the proposal itself carries the signatures", async () => {
    const chain = await foundAlliance();
    const id = await propose(chain, [north, east, south], proposeMessage(chain, [west], setParameters(100_000)));
    expect([stateOf(chain, id), blockBytes(chain)]).toEqual(["executed", 100_000]);
  });

  it("admits a member with its own signature, given like every other", async () => {
    const chain = await foundAlliance();
    const id = await propose(chain, north, proposeMessage(chain, [...asked, clinic], admit));
    for (const member of [east, south]) await expectDone(chain.run(member, approveMessage(chain, id)));
    expect(stateOf(chain, id)).toBe("open");
    expect(proposals.get(chain.ledger, id)!.refusalCode).toBe(governance.CandidateMustSign.kind.code);
    await expectDone(chain.run(clinic, approveMessage(chain, id)));
    expect(isMember(chain.ledger, clinic.account)).toBe(true);
  });

  it("is all or nothing, stays open for what else stands against it, and can be tried again", async () => {
    const chain = await foundAlliance();
    const id = await propose(chain, north, proposeMessage(chain, asked, setParameters(100_000), strike));
    await expectDone(chain.run([east, south], approveMessage(chain, id)));
    expect([stateOf(chain, id), blockBytes(chain)]).toEqual(["open", defaultParameters.maxBlockBytes]);
    expect(proposals.get(chain.ledger, id)!.refusalCode).toBe(governance.UnknownIssuer.kind.code);
    expect((await chain.run(north, about("execute", id))).refusal?.id).toBe("governance/UnknownIssuer");

    await expectDone(chain.run([north, east, south], register));
    await expectDone(chain.run(east, about("execute", id)));
    expect([stateOf(chain, id), blockBytes(chain)]).toEqual(["executed", 100_000]);
    await chain.checkReplay();
  });

  it("derives ids from the proposal, so that they are known before", async () => {
    const chain = await foundAlliance();
    const [first] = founders.toSorted((a, b) => (a.account < b.account ? -1 : 1)); // whose the only node is
    const ceremony = { kind: "generate", threshold: 1, custodians: [{ ...north, house: { ...first!, nodeKey: VALIDATOR } }] } as const;
    await offerKeys(chain, ceremony);
    const start = startMessage(ceremony);
    const id = await propose(chain, north, proposeMessage(chain, asked, setParameters(100_000), start));
    const { events } = await expectDone(chain.run([east, south], approveMessage(chain, id)));
    const seed = Buffer.concat([Buffer.from(id, "hex"), Buffer.of(1)]);
    const started = events.find(({ type }) => type === "custody.ceremonyStarted")!;
    expect(started.data.ceremonyId).toBe(Buffer.from(await crypto.subtle.digest("SHA-256", seed)).toString("hex"));
  });

  it("co-signs what is no decision of the alliance", async () => {
    const chain = await foundAlliance();
    const rotate = { type: "accounts.removeMember", value: { organisation: clinic.account, member: doctor.account } };
    const appoint = { type: "accounts.setMember", value: { organisation: clinic.account, member: doctor.account, roles: ["nurse"] } };
    const id = await propose(chain, doctor, proposeMessage(chain, [clinic], appoint, rotate));
    await expectDone(chain.run(clinic, approveMessage(chain, id)));
    expect(stateOf(chain, id)).toBe("executed");
  });
});

describe("declines", () => {
  it("end a proposal as soon as those who are left cannot carry it", async () => {
    const chain = await foundAlliance();
    const id = await propose(chain, north, proposeMessage(chain, asked, setParameters(100_000)));
    await expectDone(chain.run(east, about("decline", id)));
    expect(stateOf(chain, id)).toBe("open");
    const { events } = await expectDone(chain.run(south, about("decline", id)));
    expect(events.map(({ type }) => type)).toEqual(["approvals.declined", "approvals.ended"]);
    expect([stateOf(chain, id), blockBytes(chain)]).toEqual(["declined", defaultParameters.maxBlockBytes]);
    expect(openCounts.has(chain.ledger, north.account)).toBe(false);
    await chain.checkInvariants();
  });

  it("of the one whose signature alone is needed end it", async () => {
    const chain = await foundAlliance();
    const id = await propose(chain, north, proposeMessage(chain, [...asked, clinic], admit));
    await expectDone(chain.run(clinic, about("decline", id)));
    expect(stateOf(chain, id)).toBe("declined");
  });

  it("do not end what is held up by something else", async () => {
    const chain = await foundAlliance();
    const id = await propose(chain, north, proposeMessage(chain, [...asked, doctor], strike));
    await expectDone(chain.run(doctor, about("decline", id)));
    expect(stateOf(chain, id)).toBe("open");
  });
});

describe("time", () => {
  it("ends a proposal by itself", async () => {
    const chain = await foundAlliance();
    const id = await propose(chain, north, proposeMessage(chain, asked, setParameters(100_000)));
    const { events } = await chain.advance(HOUR_MS);
    expect(events.map(({ type, data }) => [type, data])).toEqual([["approvals.ended", { proposalId: id, how: "expired" }]]);
    expect((await chain.run([east, south], approveMessage(chain, id))).refusal?.id).toBe("approvals/Ended");
    await chain.checkInvariants();
    await chain.checkReplay();
  });

  it("counts from its end on, also while many wait for theirs", async () => {
    const chain = await foundAlliance();
    const one = proposeMessage(chain, asked, setParameters(100_000));
    for (const member of [north, east, south]) {
      for (let open = 0; open < 24; open++) await expectDone(chain.run(member, one));
    }
    const ids = [...chain.executed]
      .flatMap(({ finalized }) => finalized.txResults.flatMap(({ events }) => events))
      .filter(({ type }) => type === "approvals.proposed")
      .map(({ data }) => data.proposalId as string)
      .toSorted();
    chain.now += HOUR_MS;
    const { events, txResults } = await chain.block(chain.sign([west], [approveMessage(chain, ids.at(-1)!)]));
    expect(events.map(({ data }) => data.proposalId)).toEqual(ids.slice(0, MAX_EXPIRED_PER_BLOCK));
    expect(txResults[0]!.refusal?.id).toBe("approvals/Expired");
    expect((await chain.block()).events.map(({ data }) => data.proposalId)).toEqual(ids.slice(MAX_EXPIRED_PER_BLOCK));
    await chain.checkInvariants();
  });
});

it("queries tell what is open, with which messages, and whose approval counts", async () => {
  const chain = await foundAlliance();
  const message = setParameters(100_000);
  const id = await propose(chain, north, proposeMessage(chain, asked, message));
  await expectDone(chain.run(east, approveMessage(chain, id)));
  await expectDone(
    chain.run(east, { type: "accounts.rotateKeys", value: { account: east.account, ...testAuthority("new", [testKey("new")]) } }),
  );
  const status = { proposalId: id, messages: [proposedMessage(message)], counting: [north.account] };
  expect(ask(chain, "approvals.proposal", { proposalId: id })).toMatchObject(status);
  expect(ask(chain, "approvals.open", { from: chain.now })).toMatchObject({ proposals: [status] });
  expect(ask(chain, "approvals.open", { from: chain.now + HOUR_MS })).toEqual({ proposals: [] });
  expect(() => ask(chain, "approvals.proposal", { proposalId: NOBODY })).toThrow("approvals/UnknownProposal");
});
