import { setImmediate } from "node:timers/promises";
import {
  created,
  delegated,
  delegationEnded,
  guardiansRemoved,
  guardiansSet,
  keysRotated,
  memberRemoved,
  memberSet,
  recovered,
} from "@galen/ledger/modules/accounts/events";
import { approved, declined, ended, notExecuted } from "@galen/ledger/modules/approvals/events";
import { setChanged } from "@galen/ledger/modules/validators/events";
import { erased, refused, released, revoked } from "@galen/ledger/modules/vault/events";
import { testBytes } from "@galen/ledger/testing/chain";
import fc from "fast-check";
import { CompiledQuery } from "kysely";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createGrantLister, MAX_WAITING_FOR_GRANTS } from "./grants-to.ts";
import { type Indexer, openIndexer } from "./indexer.ts";
import {
  accountsWithKey,
  delegationsOf,
  documentsOf,
  grantsOf,
  guardedBy,
  listProposals,
  listValidatorSets,
  membersOf,
  releasesOf,
} from "./queries.ts";
import { createReleaseCounter, MAX_WAITING } from "./release-counts.ts";
import type { BlockSource, IndexedEvent } from "./source.ts";
import { ann, blobs, bob, clara, createChain, file, grant, hospital, NOW, proposal, release } from "./testing/event-chain.ts";

let open: Indexer[];
beforeEach(() => {
  open = [];
});
afterEach(async () => {
  for (const indexer of open) await indexer.close();
});

async function follow(source: BlockSource): Promise<Indexer> {
  const indexer = await openIndexer({ path: ":memory:", source });
  open.push(indexer);
  return indexer;
}

describe("the read model", () => {
  it("lists what the ledger told, the latest first, page by page", async () => {
    const chain = createChain();
    const indexer = await follow(chain);
    for (const number of [0, 1, 2]) chain.add(...file(ann, number));
    chain.add(...file(bob, 0));
    await indexer.caughtUp();
    const first = await documentsOf(indexer.db, ann, { limit: 2 });
    const second = await documentsOf(indexer.db, ann, { limit: 2, before: first.next });
    expect([first, second].map((page) => page.items.map((row) => row.number))).toEqual([[2, 1], [0]]);
    expect([first.next, second.next]).toEqual([1, undefined]);
    expect(first.items[0]).toMatchObject({ object_id: testBytes(`${ann}/2`), size_bytes: 514, relation: "none", erased_at: null });
  });

  it("keeps the log with outcome and reason, and counts a grant down", async () => {
    const chain = createChain();
    const grantId = testBytes("g");
    chain.add(grant("g", { reads: 2, readsLeft: 2 }));
    chain.add(released(release(0, { grantId })));
    chain.add(refused(release(1, { grantId, outcome: { kind: "refused", reason: "WrongPurpose" } })));
    const { db } = await follow(chain);
    const { items } = await releasesOf(db, ann, { limit: 10 });
    expect(items.map(({ outcome, reason, grant_id }) => [outcome, reason, grant_id])).toEqual([
      ["refused", "WrongPurpose", grantId],
      ["released", "grant", grantId],
    ]);
    expect((await grantsOf(db, ann, { limit: 10 })).items[0]).toMatchObject({ reads_left: 1, revoked_at: null, purposes: ["TREAT"] });
  });

  it.each([1, 2, 10_000])("counts requests over time by purpose and by the house of who asks, %s at a time", async (sliceRows) => {
    const chain = createChain();
    const [works, other] = [testBytes("works"), testBytes("other")];
    chain.add(memberSet({ organisation: hospital, member: works, roles: ["clinician"] }));
    chain.add(
      released(release(0, { reader: works })),
      refused(release(1, { reader: works, outcome: { kind: "refused", reason: "NoGrant" } })),
    );
    chain.add(
      released(release(2, { reader: hospital, purpose: "HRESCH", at: NOW + 1 })),
      released(release(3, { reader: other, at: NOW + 2 })),
    );
    const { db } = await follow(chain);
    const stepMs = 60_000;
    const countReleases = createReleaseCounter(db, sliceRows);
    const start = Math.floor(NOW / stepMs) * stepMs;
    expect(await countReleases({ by: "purpose", from: 0, stepMs })).toEqual([
      { start, kind: "HRESCH", opened: 1, refused: 0 },
      { start, kind: "TREAT", opened: 2, refused: 1 },
    ]);
    expect(await countReleases({ by: "organisation", from: 0, stepMs })).toEqual([
      { start, kind: "", opened: 1, refused: 0 },
      { start, kind: hospital, opened: 2, refused: 1 },
    ]);
    expect(await countReleases({ by: "purpose", from: NOW + 1_000, stepMs })).toEqual([]);
  });

  it("counts so that others have their turn, and one who asks after the other", async () => {
    const chain = createChain();
    for (const number of [0, 1, 2, 3]) chain.add(released(release(number, { at: NOW + number })));
    const { db } = await follow(chain);
    const countReleases = createReleaseCounter(db, 1);
    const finished: string[] = [];
    const ask = (name: string) => countReleases({ by: "purpose", from: 0, stepMs: 60_000 })!.then(() => finished.push(name));
    const all = Promise.all(["first", "second"].map(ask));
    for (let turn = 0; finished.length === 0; turn++) {
      await setImmediate();
      expect(turn).toBeLessThan(100);
      if (turn === 2) expect(finished, "after three turns").toEqual([]);
    }
    expect(finished).toEqual(["first"]);
    await all;
  });

  it("counts for no more than it can serve, and for the next one when one is served", async () => {
    const { db } = await follow(createChain());
    const countReleases = createReleaseCounter(db);
    const ask = () => countReleases({ by: "purpose", from: 0, stepMs: 60_000 });
    const served = Array.from({ length: MAX_WAITING }, () => Promise.resolve(ask()));
    expect(ask()).toBeUndefined();
    expect(await Promise.all(served)).toEqual(served.map(() => []));
    expect(await ask()).toEqual([]);
  });

  it("marks what was revoked and erased", async () => {
    const chain = createChain();
    chain.add(...file(ann, 0), grant("g"));
    chain.add(revoked({ grantId: testBytes("g"), owner: ann, revokedBy: ann }));
    chain.add(erased({ owner: ann, erasedBy: ann, dueAt: NOW, objects: [{ objectId: testBytes(`${ann}/0`), ...blobs }] }));
    const { db } = await follow(chain);
    expect((await grantsOf(db, ann, { limit: 1 })).items[0]!.revoked_at).toBe(NOW + 1);
    expect((await documentsOf(db, ann, { limit: 1 })).items[0]!.erased_at).toBe(NOW + 2);
  });

  it("lists proposals, open and past, with the last vote of everybody", async () => {
    const chain = createChain();
    const [first, second] = [{ proposalId: testBytes("p1") }, { proposalId: testBytes("p2") }];
    chain.add(proposal("p1"), proposal("p2"), notExecuted({ ...second, refusalCode: 3_001 }));
    chain.add(approved({ ...second, voters: [ann, bob] }));
    chain.add(declined({ ...second, voters: [bob] }), ended({ ...first, how: "withdrawn" }));
    const { db } = await follow(chain);
    const open = await listProposals(db, { open: true, limit: 10 });
    const votes = [
      { account: hospital, vote: "approved", at: NOW },
      { account: ann, vote: "approved", at: NOW + 1 },
      { account: bob, vote: "declined", at: NOW + 2 },
    ];
    expect(open.items).toMatchObject([{ proposal_id: second.proposalId, refusal_code: 3_001, ending: null, asked: [ann, bob], votes }]);
    const all = await listProposals(db, { open: false, limit: 1 });
    expect(all.items.map(({ proposal_id }) => proposal_id)).toEqual([second.proposalId]);
    const rest = await listProposals(db, { open: false, limit: 1, before: all.next });
    expect(rest.items).toMatchObject([{ proposal_id: first.proposalId, ending: "withdrawn", ended_at: NOW + 2 }]);
  });

  it.each([
    ["the proposer", hospital, ["p2", "p1"]],
    ["who is asked", ann, ["p2", "p1"]],
    ["who is asked for one of them", clara, ["p2"]],
    ["a stranger", testBytes("stranger"), []],
  ])("lists the proposals of %s", async (_who, voter, names) => {
    const chain = createChain();
    chain.add(proposal("p1"), proposal("p2", [ann, clara]), ended({ proposalId: testBytes("p1"), how: "withdrawn" }));
    const { db } = await follow(chain);
    const ids = async (open: boolean) => (await listProposals(db, { open, voter, limit: 10 })).items.map((row) => row.proposal_id);
    expect(await ids(false)).toEqual(names.map((name) => testBytes(name)));
    expect(await ids(true)).toEqual(names.filter((name) => name === "p2").map((name) => testBytes(name)));
  });

  it("ends a page of proposals early where they are long, and goes on behind it", async () => {
    const chain = createChain();
    const long = (name: string) => {
      const event = proposal(name);
      return {
        ...event,
        data: { ...event.data, messages: [{ type: "governance.cancelUpgrade", value: "ab".repeat(8_000) }] },
      } as IndexedEvent;
    };
    const names = Array.from({ length: 130 }, (_, place) => `long ${place}`);
    chain.add(...names.map(long));
    const { db } = await follow(chain);
    const pages: number[] = [];
    const ids: string[] = [];
    for (let before: number | undefined; pages.length === 0 || before !== undefined; ) {
      const page = await listProposals(db, { open: true, limit: 500, before });
      pages.push(page.items.length);
      ids.push(...page.items.map(({ proposal_id }) => proposal_id));
      before = page.next;
    }
    expect(pages).toEqual([64, 64, 2]);
    expect(ids).toEqual(names.map((name) => testBytes(name)).reverse());
  });

  it("finds the one decision behind any number of requests for access", async () => {
    const chain = createChain();
    const requests = Array.from({ length: 5 }, (_, place) => proposal(`request ${place}`, [ann], ["vault.grant"]));
    chain.add(proposal("decision"), proposal("mixed", [ann], ["vault.grant", "vault.revoke"]), ...requests);
    const { db } = await follow(chain);
    const ids = async (about?: "access" | "decision") =>
      (await listProposals(db, { open: true, about, limit: 2 })).items.map(({ proposal_id }) => proposal_id);
    expect(await ids("decision")).toEqual([testBytes("mixed"), testBytes("decision")]);
    expect(await ids("access")).toEqual([testBytes("request 4"), testBytes("request 3")]);
    expect(await ids()).toEqual(await ids("access"));
  });

  it("finds accounts by the keys that they have, whoever gave them", async () => {
    const chain = createChain();
    const [first, second, third] = ["11".repeat(32), "22".repeat(32), "03".repeat(33)];
    const { db, caughtUp } = await follow(chain);
    const change = async (account: string, keys: string[], event: IndexedEvent) => {
      chain.keys.set(account, keys);
      chain.add(event);
      await caughtUp();
    };
    const found = async () => Promise.all([first, second, third].map((publicKey) => accountsWithKey(db, { publicKey, limit: 9 })));

    await change(ann, [first], created({ account: ann, kind: "person" }));
    await change(bob, [first, third], created({ account: bob, kind: "person" }));
    expect(await found()).toEqual([[ann, bob], [], [bob]]);
    await change(ann, [second], keysRotated({ account: ann }));
    expect(await found()).toEqual([[bob], [ann], [bob]]);
    await change(bob, [second], recovered({ account: bob, recoveryId: testBytes("recovery") }));
    expect(await found()).toEqual([[], [ann, bob], []]);
    await change(ann, [second, third], keysRotated({ account: ann }));
    expect(await found()).toEqual([[], [bob, ann], [ann]]);
    expect(await accountsWithKey(db, { publicKey: second, limit: 1 })).toEqual([bob]);
  });

  it("knows whom a guardian can help, until the guardians change", async () => {
    const chain = createChain();
    const named = (account: string, guardians: string[]) => guardiansSet({ account, guardians, threshold: 1, delayMs: 3_600_000 });
    chain.add(named(ann, [bob, clara]), named(bob, [clara]));
    const { db, caughtUp } = await follow(chain);
    const guarded = async (guardian: string) => (await guardedBy(db, guardian, { limit: 10 })).items.map(({ account }) => account);
    expect([await guarded(clara), await guarded(bob), await guarded(ann)]).toEqual([[bob, ann], [ann], []]);
    chain.add(named(ann, [bob]), guardiansRemoved({ account: bob }));
    await caughtUp();
    expect([await guarded(clara), await guarded(bob)]).toEqual([[], [ann]]);
  });

  it("lists who acts for whom from both sides, with the terms of the last delegation", async () => {
    const chain = createChain();
    const give = (delegate: string, scopes: ("records.read" | "vault.grant")[]) =>
      delegated({ owner: ann, delegate, scopes, until: NOW + 1, ground: "chosen" });
    chain.add(give(bob, ["records.read"]), give(clara, ["records.read"]), give(bob, ["records.read", "vault.grant"]));
    const { db, caughtUp } = await follow(chain);
    const rows = { owner: ann, until: NOW + 1, ground: "chosen" };
    const byAnn = await delegationsOf(db, { owner: ann }, { limit: 10 });
    expect(byAnn.items).toMatchObject([
      { ...rows, delegate: bob, scopes: ["records.read", "vault.grant"] },
      { ...rows, delegate: clara, scopes: ["records.read"] },
    ]);
    chain.add(delegationEnded({ owner: ann, delegate: bob }));
    await caughtUp();
    expect((await delegationsOf(db, { delegate: bob }, { limit: 10 })).items).toEqual([]);
    expect((await delegationsOf(db, { delegate: clara }, { limit: 10 })).items).toMatchObject([{ owner: ann }]);
  });

  const inOrganisation = { kind: "organisation" as const, account: hospital };
  const nurses = { kind: "role" as const, organisation: hospital, role: "nurse" as const };
  const member = (roles: ("nurse" | "clinician")[], until?: number) =>
    memberSet({ organisation: hospital, member: clara, roles, ...(until === undefined ? {} : { until }) });
  const cases: readonly (readonly [string, IndexedEvent[], number])[] = [
    ["to the person", [grant("g")], 1],
    ["to another person", [grant("g", { grantee: { kind: "person", account: bob } })], 0],
    ["to the organisation of a member", [member(["clinician"]), grant("g", { grantee: inOrganisation })], 1],
    ["to the reader, which is an organisation", [grant("g", { grantee: { kind: "organisation", account: clara } })], 1],
    ["to an organisation without membership", [grant("g", { grantee: inOrganisation })], 0],
    ["after the membership ended", [member(["nurse"], NOW), grant("g", { grantee: inOrganisation })], 0],
    [
      "after the member left",
      [member(["nurse"]), grant("g", { grantee: inOrganisation }), memberRemoved({ organisation: hospital, member: clara })],
      0,
    ],
    ["to a role that the reader has", [member(["clinician", "nurse"]), grant("g", { grantee: nurses })], 1],
    ["to a role that the reader has no more", [member(["nurse"]), member(["clinician"]), grant("g", { grantee: nurses })], 0],
  ];
  it.each(cases)("finds a grant %s", async (_name, events, found) => {
    const chain = createChain();
    chain.add(...events);
    const { grantsTo } = await follow(chain);
    expect((await grantsTo(clara, NOW, { limit: 10 }))?.items).toHaveLength(found);
  });

  it("lists grants to the person, the organisation and the role as one, page by page", async () => {
    const chain = createChain();
    chain.add(member(["clinician", "nurse"]));
    chain.add(grant("a"), grant("b", { grantee: nurses }), grant("c", { grantee: { kind: "person", account: bob } }));
    chain.add(grant("d", { grantee: inOrganisation }), grant("e"), grant("f", { grantee: nurses }));
    const { grantsTo } = await follow(chain);
    const numbers: number[][] = [];
    for (let before: number | undefined, isFirst = true; isFirst || before !== undefined; isFirst = false) {
      const { items, next } = (await grantsTo(clara, NOW, { limit: 2, before }))!;
      numbers.push(items.map(({ number }) => number));
      before = next;
    }
    expect(numbers).toEqual([[5, 4], [3, 1], [0]]);
  });

  it("lists, page by page, exactly the grants that a reader can use, whatever was granted and whoever was entered where", async () => {
    const houses = [hospital, bob, clara];
    const house = fc.constantFrom(...houses);
    const role = fc.constantFrom("nurse" as const, "clinician" as const);
    const entry = fc.record(
      {
        organisation: house,
        member: fc.constantFrom(ann, clara),
        roles: fc.uniqueArray(role, { minLength: 1 }),
        until: fc.constantFrom(NOW, NOW + 1),
      },
      { requiredKeys: ["organisation", "member", "roles"] },
    );
    const grantee = fc.oneof(
      fc.record({ kind: fc.constantFrom("person" as const, "organisation" as const), account: house }),
      fc.record({ kind: fc.constant("role" as const), organisation: house, role }),
    );
    const property = fc.asyncProperty(
      fc.array(entry, { maxLength: 6 }),
      fc.array(grantee, { maxLength: 16 }),
      fc.integer({ min: 1, max: 5 }),
      fc.integer({ min: 1, max: 6 }),
      async (entries, grantees, limit, sliceRows) => {
        const chain = createChain();
        chain.add(...entries.map(memberSet), ...grantees.map((to, number) => grant(`${number}`, { grantee: to })));
        const { db, close } = await openIndexer({ path: ":memory:", source: chain });
        const grantsTo = createGrantLister(db, sliceRows);
        const rolesIn = (organisation: string) => {
          const last = entries.findLast((one) => one.organisation === organisation && one.member === clara);
          return last && (last.until ?? Infinity) > NOW ? last.roles : [];
        };
        const isFor = (to: (typeof grantees)[number]) =>
          to.kind === "role"
            ? rolesIn(to.organisation).includes(to.role)
            : to.account === clara || (to.kind === "organisation" && rolesIn(to.account).length > 0);
        const expected = grantees.flatMap((to, number) => (isFor(to) ? [number] : [])).toReversed();
        for (let from = 0, before: number | undefined; from <= expected.length; from += limit) {
          const { items, next } = (await grantsTo(clara, NOW, { limit, before }))!;
          expect(items.map(({ number }) => number)).toEqual(expected.slice(from, from + limit));
          expect(next).toBe(expected[from + limit - 1]);
          before = next;
        }
        await close();
      },
    );
    await fc.assert(property, { numRuns: 60 });
  });

  it("finds the grants to a reader by their index, not among everybody's, and with as many queries, however many houses have entered it", async () => {
    const chain = createChain();
    for (const organisation of [hospital, ann, bob]) chain.add(memberSet({ organisation, member: clara, roles: ["nurse", "clinician"] }));
    const { db } = await follow(chain);
    const asked: CompiledQuery[] = [];
    const watched = db.withPlugin({
      transformQuery({ node, queryId }) {
        asked.push(db.getExecutor().compileQuery(node, queryId));
        return node;
      },
      transformResult: async ({ result }) => result,
    });
    await createGrantLister(watched)(clara, NOW, { limit: 10 });
    expect(asked).toHaveLength(3);
    const plans = asked.map(async ({ sql, parameters }) => {
      const { rows } = await db.executeQuery<{ detail: string }>(CompiledQuery.raw(`explain query plan ${sql}`, [...parameters]));
      return rows.map(({ detail }) => detail);
    });
    const [newest, end, details] = (await Promise.all(plans)) as [string[], string[], string[]];
    expect(newest).toEqual([expect.stringMatching(/^SCAN grants USING COVERING INDEX/)]); // of which the first entry is read
    expect(end).toEqual([expect.stringMatching(/USING COVERING INDEX memberships_by_member \(member=\? AND organisation>\?\)/)]);
    expect(details.filter((detail) => /^SCAN (grants|named|memberships)/.test(detail))).toEqual([]);
    expect(details).toContainEqual(expect.stringMatching(/grants_by_grantee \(grantee=\? AND grantee_kind=\? AND role=\? AND number</));
    expect(details).toContainEqual(expect.stringContaining("memberships_by_member"));
  });

  it("lists grants to who is in very many houses in turns, one after the other, and keeps nobody else waiting", async () => {
    const chain = createChain();
    const houses = Array.from({ length: 60 }, (_, place) => testBytes(`house ${place}`));
    const entered = houses.map((organisation) => memberSet({ organisation, member: clara, roles: ["nurse"] }));
    chain.add(
      ...entered,
      grant("own"),
      ...houses.map((account, place) => grant(`g${place}`, { grantee: { kind: "organisation", account } })),
    );
    chain.add(memberSet({ organisation: hospital, member: bob, roles: ["nurse"] }), grant("bob", { grantee: nurses }));
    const { db } = await follow(chain);
    const grantsTo = createGrantLister(db, 2);
    let turns = 0;
    const counting = new AbortController();
    const counted = (async () => {
      for (; !counting.signal.aborted; turns++) await setImmediate();
    })();
    const all = (await grantsTo(clara, NOW, { limit: 100 }))!;
    counting.abort();
    await counted;
    expect(turns).toBeGreaterThan(15);
    expect(all.items.map(({ number }) => number)).toEqual(Array.from({ length: 61 }, (_, number) => 60 - number));

    const asked = Array.from({ length: MAX_WAITING_FOR_GRANTS + 2 }, () => grantsTo(clara, NOW, { limit: 1 }));
    let ended = 0;
    for (const one of asked) void one.then((page) => (ended += page ? 1 : 0));
    expect((await grantsTo(bob, NOW, { limit: 1 }))?.items).toHaveLength(1);
    expect(ended).toBeLessThan(2);
    const pages = await Promise.all(asked);
    expect(pages.filter((page) => page === undefined)).toHaveLength(2);
    expect(pages[0]).toMatchObject({ items: [{ number: 60 }], next: 60 });
    expect(await grantsTo(clara, NOW, { limit: 1 })).toEqual(pages[0]);
  });

  it("lists the people of an organisation, the last change first, page by page", async () => {
    const chain = createChain();
    const entered = (who: string, ...roles: ("nurse" | "clinician")[]) => memberSet({ organisation: hospital, member: who, roles });
    chain.add(entered(ann, "clinician"), entered(bob, "nurse"), member(["nurse", "clinician"], NOW));
    chain.add(memberSet({ organisation: bob, member: ann, roles: ["auditor"] }), entered(ann, "nurse"));
    const { db } = await follow(chain);
    const first = await membersOf(db, hospital, { limit: 2 });
    expect(first.items).toMatchObject([
      { member: ann, roles: ["nurse"], until: null },
      { member: clara, roles: ["clinician", "nurse"], until: NOW },
    ]);
    expect((await membersOf(db, hospital, { limit: 2, before: first.next })).items).toMatchObject([{ member: bob, roles: ["nurse"] }]);
    chain.add(memberRemoved({ organisation: hospital, member: ann }), entered(bob, "clinician"));
    await open.at(-1)!.caughtUp();
    expect((await membersOf(db, hospital, { limit: 9 })).items.map((row) => row.member)).toEqual([bob, clara]);
  });
});

describe("voting power", () => {
  it("is there over time, the latest set first", async () => {
    const chain = createChain();
    const north = testBytes("north");
    const [first, second] = ["11".repeat(32), "22".repeat(32)];
    const powers = (...parts: readonly number[]) => [
      { organisation: north, publicKey: first, power: parts[0]! },
      { publicKey: second, power: parts[1]! },
    ];
    chain.add(setChanged({ epoch: 3, policy: "equal", isComplete: true, validators: powers(500_000, 500_000) }));
    chain.add();
    chain.add(setChanged({ epoch: 4, policy: "stake", isComplete: false, validators: powers(700_000, 300_000) }));
    const indexer = await openIndexer({ path: ":memory:", source: chain });
    const { items, next } = await listValidatorSets(indexer.db, { limit: 1 });
    expect(items).toEqual([
      {
        ...{ number: 1, height: 3, at: NOW + 2, epoch: 4, policy: "stake", is_complete: false },
        validators: [
          { public_key: first, organisation: north, power: 700_000 },
          { public_key: second, organisation: null, power: 300_000 },
        ],
      },
    ]);
    expect((await listValidatorSets(indexer.db, { limit: 9, before: next })).items.map(({ height }) => height)).toEqual([1]);
    await indexer.close();
  });
});
