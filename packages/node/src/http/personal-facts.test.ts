import { bytesToHex } from "@galen/ledger/crypto/hex";
import { afterHeight, subscribe } from "@galen/sdk/client/subscribe";
import { fileDocuments } from "@galen/sdk/records/file-documents";
import { type GrantOptions, grantAccess, revokeAccess } from "@galen/sdk/records/grants";
import { readGranted } from "@galen/sdk/records/read-granted";
import type { OwnAccount } from "@galen/sdk/transactions/own-account";
import { submit } from "@galen/sdk/transactions/submit";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { nativeCrypto } from "../crypto/native.ts";
import { startTestNetwork, type TestNetwork } from "../testing/test-network.ts";
import { personalTopics } from "./personal-facts.ts";

const DAY_MS = 86_400_000;

let network: TestNetwork;
let people: Readonly<Record<"child" | "parent" | "former" | "friend" | "nurse" | "colleague" | "stranger", OwnAccount>>;
/** What each of them is told first; what came before is how they came to be. */
let start: string;

beforeAll(async () => {
  network = await startTestNetwork();
  const person = (name: string) => network.person(name);
  people = {
    child: await person("child"),
    parent: await person("parent"),
    former: await person("former"),
    friend: await person("friend"),
    nurse: await person("nurse"),
    colleague: await person("colleague"),
    stranger: await person("stranger"),
  };
  await network.makeKey();
  const { hospital } = network;
  const registered = { issuer: hospital.account, credentialTypes: ["practitioner-licence"] };
  await act(hospital, "governance.registerIssuer", registered);
  for (const member of [people.nurse, people.colleague])
    await act(hospital, "accounts.setMember", { organisation: hospital.account, member: member.account, roles: ["nurse"] });
  start = afterHeight(network.node.engine.status().height);
});
afterAll(() => network.close());

function act(as: OwnAccount, type: string, value: Readonly<Record<string, unknown>>) {
  return submit(network.client, { actors: [as], messages: [{ type, value }] });
}

async function file(name: string): Promise<string> {
  const objectId = bytesToHex(nativeCrypto.sha256(new TextEncoder().encode(name)));
  const document = { objectId, plaintext: new TextEncoder().encode(name), owner: people.child.account, compartment: "ab".repeat(32) };
  await fileDocuments(network.client, { as: network.hospital, documents: [document] });
  return objectId;
}

const delegation = (delegate: OwnAccount, scopes: readonly string[]) =>
  act(people.child, "accounts.delegate", {
    owner: people.child.account,
    delegate: delegate.account,
    scopes,
    until: network.client.now() + 2 * DAY_MS,
    ground: "guardian",
  });

/** Everything that happens to a child's records, and to a licence, in one day. */
async function happen(): Promise<void> {
  const { child, parent, former, friend, nurse } = people;
  const { client, hospital } = network;
  for (const delegate of [parent, former]) await delegation(delegate, ["records.read", "log.read", "vault.grant"]);
  await delegation(friend, ["records.add"]);
  const objectId = await file("letter");
  const grantee = { kind: "role", organisation: hospital.account, role: "nurse" } as const;
  const until = client.now() + DAY_MS;
  const terms: Omit<GrantOptions, "as"> = { grantee, covers: { kind: "everything" }, purposes: ["TREAT"], until };
  const { grantId } = await grantAccess(client, { as: parent, owner: child.account, ...terms });
  await readGranted(client, { as: nurse, objectIds: [objectId], purpose: "TREAT", grantId });
  await revokeAccess(client, { as: child, grantId });
  const refused = readGranted(client, { as: nurse, objectIds: [objectId], purpose: "TREAT", grantId });
  await expect(refused).rejects.toMatchObject({ id: "release/GrantRevoked" });
  await act(child, "emergency.allow", { owner: child.account, opens: { kind: "everything" } });
  const credentialId = "cd".repeat(32);
  const licence = { credentialId, holder: nurse.account, credentialType: "practitioner-licence", claimsHash: "ef".repeat(32) };
  await act(hospital, "credentials.issue", { ...licence, validFrom: 0, validUntil: until });
  await act(hospital, "credentials.suspend", { credentialId, from: client.now() - DAY_MS, reasonCode: "safety" });
  await act(child, "vault.erase", { objectIds: [objectId] });
  await act(child, "accounts.endDelegation", { owner: child.account, delegate: former.account });
  await file("later letter");
}

/** What an account hears of all that, as `event type`; a release has no type. */
async function hears(as: OwnAccount, after: string, until: number): Promise<readonly string[]> {
  const heard: string[] = [];
  for await (const { event, data } of subscribe(network.client, { topics: [...personalTopics, "blocks"], as, after })) {
    if (event !== "block") heard.push(event === "release" ? `release ${JSON.stringify(data.outcome)}` : `${event} ${String(data.type)}`);
    else if (Number(data.height) > until) return heard;
  }
  throw new Error("the stream ended");
}

const allowed = 'release {"kind":"released","under":"grant"}';
const forbidden = 'release {"kind":"refused","reason":"GrantRevoked"}';
const ofTheRecords = [
  "document records.added",
  "grant vault.granted",
  allowed,
  "grant vault.revoked",
  forbidden,
  "emergency emergency.allowed",
];

describe("a person", () => {
  let end: number;
  beforeAll(async () => {
    await happen();
    end = network.node.engine.status().height;
    // Whoever hears of this block has heard of all before it.
    await network.person("somebody later");
  });

  it.each<[whose: keyof typeof people | "hospital", string, readonly string[]]>([
    [
      "child",
      "who owns the records",
      [
        "account accounts.delegated",
        "account accounts.delegated",
        "account accounts.delegated",
        ...ofTheRecords,
        "document vault.erased",
        "account accounts.delegationEnded",
        "document records.added",
      ],
    ],
    [
      "parent",
      "who acts for the owner",
      ["account accounts.delegated", ...ofTheRecords, "document vault.erased", "document records.added"],
    ],
    ["former", "who acts for the owner no more", ["account accounts.delegated", "account accounts.delegationEnded"]],
    ["friend", "whose delegation reaches no log, grants or documents", ["account accounts.delegated"]],
    [
      "nurse",
      "who may read by a role, and holds a licence",
      [
        "grant vault.granted",
        "grant vault.released",
        "grant vault.revoked",
        "credential credentials.issued",
        "credential credentials.suspended",
      ],
    ],
    ["colleague", "who may read by the same role", ["grant vault.granted", "grant vault.revoked"]],
    [
      "hospital",
      "the house that filed, and issues licences",
      ["document records.added", "credential credentials.issued", "credential credentials.suspended", "document records.added"],
    ],
    ["stranger", "whom nothing of it concerns", []],
  ])("hears, as %s %s, what concerns that one", async (whose, _, expected) => {
    const as = whose === "hospital" ? network.hospital : people[whose];
    expect(await hears(as, start, end)).toEqual(expected);
  });

  it("hears as a delegate from the moment in which the delegation is given", async () => {
    const { friend } = people;
    const from = network.node.engine.status().height;
    const heard: string[] = [];
    const listening = new AbortController();
    for await (const { event, data } of subscribe(network.client, {
      topics: ["documents", "accounts", "blocks"],
      as: friend,
      signal: listening.signal,
      after: afterHeight(from - 1),
    })) {
      if (event === "block" && data.height === from) await delegation(friend, ["records.read"]);
      if (event === "account") await file("a letter in between");
      if (event !== "block") heard.push(`${event} ${String(data.type)}`);
      if (event === "document") break;
    }
    expect(heard).toEqual(["account accounts.delegated", "document records.added"]);
  });

  it("is not told what concerns others: whoever does not say who it is hears nothing personal", async () => {
    for (const topic of personalTopics) {
      const answer = await fetch(`${network.node.url}/v1/events?topics=blocks,${topic}`);
      expect([answer.status, ((await answer.json()) as { title: string }).title]).toEqual([401, "api/Unauthenticated"]);
    }
  });
});
