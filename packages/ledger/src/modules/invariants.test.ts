import { beforeAll, expect, it } from "vitest";
import type { WriteContext } from "../app/context.ts";
import { validators } from "../app/parameters.ts";
import { expectDone, LICENCE_ID, type TestAccount, testAuthority } from "../testing/actors.ts";
import { type TestChain, testBytes } from "../testing/chain.ts";
import { auditDamaged } from "../testing/damaged-state.ts";
import { accounts, delegations, recoveries, recoveryQueue, members as staff } from "./accounts/state.ts";
import { anchors, NETWORK } from "./anchors/state.ts";
import { open, openCounts, proposals, proposedMessages } from "./approvals/state.ts";
import { propose, proposeMessage } from "./approvals/testing/scene.ts";
import { MAX_CHANGES } from "./credentials/schema.ts";
import { credentials, held } from "./credentials/state.ts";
import { ceremonies, keys as collectiveKeys, dealings, running, usedKeys } from "./custody/state.ts";
import { houseOf, pointHex } from "./custody/testing/custodians.ts";
import { unreviewed, uses } from "./emergency/state.ts";
import { allowMessage, emergencyMessage } from "./emergency/testing/scene.ts";
import { MAX_ISSUER_CHANGES } from "./governance/schema.ts";
import { decisionRule, issuers, members } from "./governance/state.ts";
import { announcement } from "./handover/state.ts";
import { ledgerVersions } from "./index.ts";
import { documents, ofOwner, referring } from "./records/state.ts";
import { balances, issues, pots } from "./tokens/state.ts";
import { MAX_UNBONDING_EPOCHS } from "./validators/settings.ts";
import { bonds, claims, currentSettings, nodes, pools, puzzle, settings } from "./validators/state.ts";
import { blobs, copies, grants, grantsOf, holders, log, objects, points, releases } from "./vault/state.ts";
import { foundVaultTown, grantMessage, HOUR_MS, requestMessage, sealedObject, sealMessage, type VaultTown } from "./vault/testing/scene.ts";

const version = ledgerVersions.at(-1)!;
const [GRANT, OTHER] = [testBytes("grant"), testBytes("other")];
const UNKNOWN = testBytes("nobody");

let chain: TestChain;
let town: VaultTown;
/** Ids of what the town has, filled when it is founded. */
const the = { release: "", use: "", proposal: "", object: "", first: "", second: "", third: "" };

/** A town that has something of everything. */
beforeAll(async () => {
  town = await foundVaultTown({ version, threshold: 2, count: 5 });
  chain = town.chain;
  const { hospital, patient, neighbour, clinician } = town;
  const alliance: readonly TestAccount[] = [hospital, ...[2, 3, 4, 5].map((place) => houseOf(`custodian ${place}`))];
  const done = (by: TestAccount | readonly TestAccount[], type: string, value: object) => expectDone(chain.run(by, { type, value }));

  const object = sealedObject(patient, "object");
  await expectDone(
    chain.run(
      patient,
      sealMessage(object),
      allowMessage(patient),
      grantMessage(chain, patient, GRANT, { grantee: { kind: "person", account: clinician.account }, reads: 3 }),
    ),
  );
  the.object = object.objectId;
  const asked = { objectIds: [object.objectId], nonce: "read", grantId: GRANT };
  the.release = (await expectDone(chain.run(clinician, requestMessage(chain, clinician, asked)))).events[0]!.data.releaseId as string;
  const cry = emergencyMessage(chain, clinician, { objectIds: [object.objectId], nonce: "emergency" });
  the.use = (await expectDone(chain.run(clinician, cry))).events[0]!.data.releaseId as string;

  for (const name of ["first", "second", "third"] as const) {
    const filed = sealedObject(patient, name);
    const relation = name === "second" ? { kind: "replaces", objectId: the.first } : { kind: "none" };
    await done(hospital, "records.add", { documents: [{ object: filed, relation }] });
    the[name] = filed.objectId;
  }
  const guardians = { account: patient.account, guardians: [neighbour.account, clinician.account], threshold: 1, delayMs: 1_000 * HOUR_MS };
  await done(patient, "accounts.setGuardians", guardians);
  await done(neighbour, "accounts.startRecovery", { account: patient.account, ...testAuthority("patient again") });
  const register = { type: "tokens.register", value: { tokenKind: "beds" } };
  the.proposal = await propose(chain, hospital, proposeMessage(chain, alliance.slice(1), register));
  await done(hospital, "anchors.record", { height: 1, headerHash: UNKNOWN, place: "a newspaper" });
  await done(alliance, "tokens.register", { tokenKind: "shares" });
  await done(alliance, "tokens.mint", { tokenKind: "shares", account: hospital.account, amount: 1_000 });
  const stake = { organisation: hospital.account, account: hospital.account };
  await done(hospital, "validators.bond", { ...stake, amount: 100 });
  await done(hospital, "validators.unbond", { ...stake, amount: 40 });
}, 120_000);

type Writable = Pick<WriteContext, "state">;
type Damage = (ctx: Writable) => void;

const custodianAt = (position: number) => (ctx: Writable) => {
  const key = collectiveKeys.get(ctx, "release")!;
  const custodians = key.custodians.map((one, at) => (at === position ? { ...one, publicShare: pointHex(7n) } : one));
  collectiveKeys.set(ctx, "release", { ...key, custodians });
};

/** By module and rule: what no transaction leads to, and this rule must notice. */
const damages: Readonly<Record<string, Readonly<Record<string, readonly (readonly [name: string, Damage])[]>>>> = {
  accounts: {
    "every account can be signed for": [
      [
        "an account whose keys do not reach its threshold",
        (ctx) => accounts.set(ctx, town.nurse.account, { ...accounts.get(ctx, town.nurse.account)!, threshold: 2 }),
      ],
      [
        "an account with one key twice",
        (ctx) => {
          const account = accounts.get(ctx, town.nurse.account)!;
          accounts.set(ctx, town.nurse.account, { ...account, keys: [...account.keys, ...account.keys] });
        },
      ],
    ],
    "guardians exist and can reach their threshold": [
      ["a guardian who has no account", (ctx) => guardedBy(ctx, [UNKNOWN], 1)],
      ["more guardians needed than there are", (ctx) => guardedBy(ctx, [town.neighbour.account], 2)],
      ["an account that guards itself", (ctx) => guardedBy(ctx, [town.patient.account], 1)],
    ],
    "open recoveries are carried by guardians, each by his one": [
      ["a stranger who approves", (ctx) => approvedBy(ctx, [town.stranger.account])],
      ["a guardian who approves twice", (ctx) => approvedBy(ctx, [town.neighbour.account, town.neighbour.account])],
    ],
    "a recovery runs if and only if enough guardians approve one": [
      ["one that runs with too few", (ctx) => guardedBy(ctx, [town.neighbour.account, town.clinician.account], 2)],
      [
        "one that has enough and does not run",
        (ctx) => {
          const { running: _, ...waiting } = recoveries.get(ctx, town.patient.account)!;
          recoveries.set(ctx, town.patient.account, waiting);
        },
      ],
    ],
    "the queue holds exactly the running recoveries": [
      [
        "one that runs and is not queued",
        (ctx) => recoveryQueue.delete(ctx, recoveries.get(ctx, town.patient.account)!.running!.dueAt, town.patient.account),
      ],
      [
        "one that is queued and does not run",
        (ctx) => recoveryQueue.set(ctx, 1, town.nurse.account, { account: town.nurse.account, dueAt: 1 }),
      ],
    ],
    "members belong to organisations, delegations to accounts": [
      ["a member of a person", (ctx) => staff.set(ctx, town.patient.account, town.nurse.account, { roles: ["nurse"] })],
      [
        "a delegate who has no account",
        (ctx) => delegations.set(ctx, town.patient.account, UNKNOWN, { scopes: ["log.read"], until: 1, ground: "chosen" }),
      ],
    ],
  },
  governance: {
    "the alliance can decide": [
      ["two groups that could decide against each other", (ctx) => decisionRule.set(ctx, "current", { numerator: 1, denominator: 3 })],
    ],
    "members are organisations": [
      ["a person as a member", (ctx) => members.set(ctx, town.patient.account, { organisation: town.patient.account, since: 1 })],
    ],
    "histories of issuers run forward and leave room for a removal": [
      [
        "a history that goes back",
        (ctx) =>
          registrations(ctx, [
            { at: 2, credentialTypes: ["degree"] },
            { at: 1, credentialTypes: [] },
          ]),
      ],
      [
        "a full history",
        (ctx) =>
          registrations(
            ctx,
            Array.from({ length: MAX_ISSUER_CHANGES }, () => ({ at: 1, credentialTypes: ["degree"] as const })),
          ),
      ],
    ],
  },
  credentials: {
    "the index of held credentials lists each credential once": [
      [
        "a credential that is not listed",
        (ctx) => {
          const { holder, credentialType, validUntil } = credentials.get(ctx, LICENCE_ID)!;
          held.delete(ctx, holder, credentialType, validUntil, LICENCE_ID);
        },
      ],
    ],
    "histories are in order of recording, alternate, and leave room for a suspension and a revocation": [
      ["a change after the revocation", (ctx) => changed(ctx, ["revoked", "reinstated"])],
      ["a suspension of what is suspended", (ctx) => changed(ctx, ["suspended", "suspended"])],
      [
        "no room for a revocation",
        (ctx) =>
          changed(
            ctx,
            Array.from({ length: MAX_CHANGES }, (_, at) => (at % 2 === 0 ? "suspended" : "reinstated")),
          ),
      ],
    ],
  },
  tokens: {
    "what accounts and pots hold is what exists": [
      ["a token too many", (ctx) => balances.set(ctx, "shares", town.patient.account, { amount: 1 })],
      ["tokens that nobody holds", (ctx) => issues.set(ctx, "shares", { ...issues.get(ctx, "shares")!, supply: 1_001 })],
      ["a pot of a kind that nobody registered", (ctx) => pots.set(ctx, "beds", "hospital.ward", { amount: 1 })],
    ],
  },
  validators: {
    "the set is one that an engine accepts": [
      [
        "a key that stands in the set twice",
        (ctx) => {
          const [first] = validators.get(ctx, "current")!.validators;
          validators.set(ctx, "current", { validators: [first!, first!] });
        },
      ],
    ],
    "what is bonded and leaving is what the pot holds": [
      ["a pool with a token too many", (ctx) => pools.set(ctx, town.hospital.account, { tokens: 61, shares: 60 })],
    ],
    "what is leaving is due within the longest unbonding": [
      [
        "a claim after it",
        (ctx) => {
          const epoch = leavingEpoch(ctx) + MAX_UNBONDING_EPOCHS;
          claims.set(ctx, town.hospital.account, town.hospital.account, epoch, { epoch, shares: 1 });
        },
      ],
    ],
    "shares add up": [
      ["a bond that no pool knows of", (ctx) => bonds.set(ctx, town.hospital.account, town.patient.account, { shares: 1 })],
      ["a bond to a pool that is gone", (ctx) => bonds.set(ctx, UNKNOWN, town.patient.account, { shares: 1 })],
      [
        "a claim that is gone",
        (ctx) => {
          const epoch = leavingEpoch(ctx);
          claims.delete(ctx, town.hospital.account, town.hospital.account, epoch);
        },
      ],
    ],
    "each key is one node's, and evidence finds it": [
      [
        "a key that leads to nobody",
        (ctx) => nodes.set(ctx, town.hospital.account, { ...nodes.get(ctx, town.hospital.account)!, publicKey: UNKNOWN }),
      ],
      [
        "a node with the key of another",
        (ctx) => {
          const [mine, theirs] = [town.hospital.account, houseOf("custodian 2").account];
          nodes.set(ctx, mine, { ...nodes.get(ctx, mine)!, publicKey: nodes.get(ctx, theirs)!.publicKey });
        },
      ],
    ],
    "there is a puzzle exactly while work gives power": [
      [
        "a puzzle under another policy",
        (ctx) => puzzle.set(ctx, "current", { challenge: UNKNOWN, difficulty: 1, solutions: 0, founders: [] }),
      ],
      [
        "work without a puzzle",
        (ctx) => {
          const work = { windowEpochs: 1, solutionsPerEpoch: 1, difficulty: 1, founderBasisPoints: 0, fadeEpochs: 1 };
          settings.set(ctx, "current", { ...currentSettings(ctx), policy: { kind: "work", ...work } });
        },
      ],
    ],
  },
  custody: {
    "the public shares of any k custodians belong to the collective key": [
      ...[0, 2, 4].map((at) => [`a false share of custodian ${at + 1} of 5`, custodianAt(at)] as const),
    ],
    "exactly the running ceremonies are listed as running": [
      ["a ceremony that has ended and is listed", (ctx) => running.set(ctx, "release", { ceremonyId: ceremonyId(ctx) })],
    ],
    "who dealt has a dealing, and nobody confirms and complains": [
      ["a dealing that is gone", (ctx) => dealings.delete(ctx, ceremonyId(ctx), 3)],
      ["a receiver who does both", (ctx) => complaining(ctx, { dealer: 1, receiver: 1, answered: false })],
      ["an answer without a share", (ctx) => complaining(ctx, { dealer: 1, receiver: 1, answered: true }, [])],
    ],
    "the sealing keys of the key in force and of a running ceremony serve no other": [
      ["one that may serve once more", (ctx) => usedKeys.delete(ctx, collectiveKeys.get(ctx, "release")!.custodians[0]!.sealingKey)],
    ],
    "no organisation has two places in a ceremony": [
      [
        "a second share for a house",
        (ctx) => {
          const [one, two] = collectiveKeys.get(ctx, "release")!.custodians;
          const { organisation } = usedKeys.get(ctx, one!.sealingKey)!;
          usedKeys.set(ctx, two!.sealingKey, { ...usedKeys.get(ctx, two!.sealingKey)!, organisation: organisation! });
        },
      ],
    ],
  },
  vault: {
    "every object has three blobs and a point that belong to it alone": [
      ["a blob that is another's", (ctx) => blobs.set(ctx, objects.get(ctx, the.object)!.ownerCapsule, { objectId: OTHER })],
      [
        "one blob for two purposes",
        (ctx) => {
          const object = objects.get(ctx, the.object)!;
          objects.set(ctx, the.object, { ...object, ownerCapsule: object.ciphertext });
        },
      ],
      ["a point that may serve again", (ctx) => points.delete(ctx, objects.get(ctx, the.object)!.capsulePoint)],
    ],
    "reads left run from the limit down to zero, one for each release": [
      ["a read that was not counted", (ctx) => grants.set(ctx, GRANT, { ...grants.get(ctx, GRANT)!, readsLeft: 3 })],
    ],
    "a release under a grant was asked by its terms while it was in force": [
      [
        "a release after the end",
        (ctx) => grants.set(ctx, GRANT, { ...grants.get(ctx, GRANT)!, until: releases.get(ctx, the.release)!.at }),
      ],
      [
        "a release after the revocation",
        (ctx) => grants.set(ctx, GRANT, { ...grants.get(ctx, GRANT)!, revokedAt: releases.get(ctx, the.release)!.at - 1 }),
      ],
      ["a release for another purpose", (ctx) => grants.set(ctx, GRANT, { ...grants.get(ctx, GRANT)!, purposes: ["HRESCH"] })],
    ],
    "every release stands in its owner's log, its points are used, and its reader is a holder": [
      ["a release that is not in the log", (ctx) => log.entries.set(ctx, town.patient.account, 0, { releaseId: the.use })],
      ["a point that may be asked with again", (ctx) => points.delete(ctx, releases.get(ctx, the.release)!.objects[0]!.requestPoint)],
      ["a reader who holds nothing", (ctx) => copies.delete(ctx, the.object, town.clinician.account)],
    ],
    "an owner's log and list of grants have no gaps": [
      ["an entry behind the end of the log", (ctx) => log.entries.set(ctx, town.patient.account, 2, { releaseId: the.use })],
      ["a grant that is not listed", (ctx) => grantsOf.counts.delete(ctx, town.patient.account)],
      [
        "a grant that another owner has listed",
        (ctx) => {
          grantsOf.entries.delete(ctx, town.patient.account, 0);
          grantsOf.counts.delete(ctx, town.patient.account);
          grantsOf.append(ctx, town.neighbour.account, { grantId: GRANT });
        },
      ],
    ],
    "the holders of an object are those with a copy": [
      ["a holder too many", (ctx) => holders.append(ctx, the.object, { holder: town.nurse.account })],
      ["another holder than the one with the copy", (ctx) => holders.entries.set(ctx, the.object, 0, { holder: town.nurse.account })],
    ],
  },
  records: {
    "every document is a sealed object of its owner, at its place in the owner's records": [
      ["two documents in each other's places", (ctx) => ofOwner.entries.set(ctx, town.patient.account, 0, { objectId: the.second })],
      ["a place too many", (ctx) => ofOwner.append(ctx, town.patient.account, { objectId: the.first })],
      [
        "a document of another owner",
        (ctx) => documents.set(ctx, the.third, { ...documents.get(ctx, the.third)!, owner: town.neighbour.account }),
      ],
    ],
    "a document refers to an earlier one of the same owner, which lists it": [
      [
        "one that refers to a later one",
        (ctx) =>
          documents.set(ctx, the.second, { ...documents.get(ctx, the.second)!, relation: { kind: "replaces", objectId: the.third } }),
      ],
      ["one that is not listed", (ctx) => referring.counts.delete(ctx, the.first)],
      [
        "one that another document lists",
        (ctx) => {
          referring.entries.delete(ctx, the.first, 0);
          referring.counts.delete(ctx, the.first);
          referring.append(ctx, the.third, { objectId: the.second });
        },
      ],
    ],
  },
  approvals: {
    "the queue and the counts hold exactly the open proposals": [
      ["an open proposal that never expires", (ctx) => open.delete(ctx, proposals.get(ctx, the.proposal)!.expiresAt, the.proposal)],
      ["a wrong count", (ctx) => openCounts.set(ctx, town.hospital.account, { count: 2 })],
    ],
    "the messages of a proposal are those that its hash names": [
      [
        "other messages than those that were approved",
        (ctx) => {
          const [message] = proposedMessages.get(ctx, the.proposal)!.messages;
          proposedMessages.set(ctx, the.proposal, { messages: [message!, message!] });
        },
      ],
    ],
    "the proposer approves first, and nobody else votes twice or unasked": [
      [
        "a vote of somebody who was not asked",
        (ctx) => proposals.set(ctx, the.proposal, { ...proposals.get(ctx, the.proposal)!, declined: [town.stranger.account] }),
      ],
      [
        "a member who approves twice",
        (ctx) => {
          const proposal = proposals.get(ctx, the.proposal)!;
          const [first] = proposal.approvals;
          const twice = { ...first!, account: proposal.asked[0]! };
          proposals.set(ctx, the.proposal, { ...proposal, approvals: [first!, twice, twice] });
        },
      ],
    ],
  },
  emergency: {
    "exactly the releases in an emergency are uses, each with a reason": [
      ["a release that is no use", (ctx) => uses.delete(ctx, the.use)],
      ["a use without a release", (ctx) => uses.set(ctx, OTHER, uses.get(ctx, the.use)!)],
      [
        "a release without a reason",
        (ctx) => {
          const { reasonHash: _, ...silent } = releases.get(ctx, the.use)!;
          releases.set(ctx, the.use, silent);
        },
      ],
    ],
    "the queue holds the uses that no auditor has looked at": [
      ["one that no auditor will find", (ctx) => unreviewed.delete(ctx, uses.get(ctx, the.use)!.at, the.use)],
    ],
    "no reader has more emergencies within a day than may be": [
      [
        "nine on one day",
        (ctx) => {
          const [use, release] = [uses.get(ctx, the.use)!, releases.get(ctx, the.use)!];
          for (let more = 0; more < 8; more++) {
            const id = testBytes(`use ${more}`);
            uses.set(ctx, id, use);
            unreviewed.set(ctx, use.at, id, { releaseId: id });
            releases.set(ctx, id, { ...release, number: log.append(ctx, town.patient.account, { releaseId: id }) });
          }
        },
      ],
    ],
  },
  handover: {
    "no chain is its own successor": [
      [
        "one that goes on in itself",
        (ctx) => announcement.set(ctx, "current", { chainId: chain.ledger.chainId, successorHash: UNKNOWN, announcedAt: 1 }),
      ],
    ],
  },
  anchors: {
    "the list of anchors is whole": [["an anchor that is gone", (ctx) => anchors.entries.delete(ctx, NETWORK, 0)]],
  },
};

function guardedBy(ctx: Writable, guardians: string[], threshold: number): void {
  const { account } = town.patient;
  accounts.set(ctx, account, { ...accounts.get(ctx, account)!, guardianship: { guardians, threshold, delayMs: HOUR_MS } });
}

function approvedBy(ctx: Writable, guardians: string[]): void {
  const recovery = recoveries.get(ctx, town.patient.account)!;
  recoveries.set(ctx, town.patient.account, { ...recovery, open: recovery.open.map((one) => ({ ...one, guardians })) });
}

function registrations(ctx: Writable, changes: readonly { at: number; credentialTypes: readonly "degree"[] }[]): void {
  const { account } = town.board;
  issuers.set(ctx, account, { issuer: account, changes: changes.map((one) => ({ ...one, credentialTypes: [...one.credentialTypes] })) });
}

function changed(ctx: Writable, standings: readonly ("suspended" | "reinstated" | "revoked")[]): void {
  const credential = credentials.get(ctx, LICENCE_ID)!;
  const at = credential.issuedAt;
  credentials.set(ctx, LICENCE_ID, { ...credential, changes: standings.map((to) => ({ to, from: at, recordedAt: at })) });
}

function ceremonyId(ctx: Writable): string {
  return collectiveKeys.get(ctx, "release")!.ceremonyId;
}

function complaining(ctx: Writable, complaint: { dealer: number; receiver: number; answered: boolean }, confirmed?: number[]): void {
  const ceremony = ceremonies.get(ctx, ceremonyId(ctx))!;
  ceremonies.set(ctx, ceremonyId(ctx), { ...ceremony, confirmed: confirmed ?? ceremony.confirmed, complaints: [complaint] });
}

function leavingEpoch(ctx: Writable): number {
  return [...claims.entries(ctx, { within: [town.hospital.account, town.hospital.account], limit: 1 })][0]![1].epoch;
}

it("all hold in a town that has something of everything", () => expect(auditDamaged(chain, () => {})).resolves.toBeUndefined());

const rows = Object.entries(damages).flatMap(([module, rules]) =>
  Object.entries(rules).flatMap(([rule, each]) => each.map(([name, damage]) => [module, rule, name, damage] as const)),
);

it.each(rows)("%s: %s: notices %s", async (module, rule, _name, damage) => {
  const noticed = await auditDamaged(chain, damage).catch((error: Error) => error);
  expect(noticed).toMatchObject({ message: expect.stringContaining(`${module}: "${rule}" does not hold`), cause: { name: "Error" } });
});

it("each has a damage that it notices", () => {
  const rules = version.modules.map(({ name, invariants }) => [name, Object.keys(invariants)] as const);
  expect(Object.fromEntries(rules)).toEqual(Object.fromEntries(Object.entries(damages).map(([name, tried]) => [name, Object.keys(tried)])));
});
