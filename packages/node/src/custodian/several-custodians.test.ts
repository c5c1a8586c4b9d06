import { randomBytes } from "node:crypto";
import type { AddressInfo } from "node:net";
import { createServer, type Socket } from "node:net";
import { bytesToHex } from "@galen/ledger/crypto/hex";
import { releaseKey } from "@galen/ledger/modules/custody/index";
import { standingOffer } from "@galen/ledger/modules/custody/state";
import { type Client, createClient } from "@galen/sdk/client/client";
import { peers } from "@galen/sdk/client/custodian-nodes";
import { genesis } from "@galen/sdk/client/status";
import { custodianOrganisations, type NamedCustodian } from "@galen/sdk/custody/custodian-organisations";
import { trustOfGenesis } from "@galen/sdk/proofs/trust";
import { fileDocuments } from "@galen/sdk/records/file-documents";
import { grantAccess } from "@galen/sdk/records/grants";
import { readGranted } from "@galen/sdk/records/read-granted";
import type { OwnAccount } from "@galen/sdk/transactions/own-account";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { nativeCrypto } from "../crypto/native.ts";
import { startTestNodes, type TestNodes, until } from "../testing/test-nodes.ts";

let town: TestNodes;
let patient: OwnAccount;
let doctor: OwnAccount;
let grantId: string;
const objectIds: string[] = [];
const letters = ["first letter", "second letter"].map((text) => new TextEncoder().encode(text));

beforeAll(async () => {
  town = await startTestNodes({ count: 4 });
  [patient, doctor] = [await town.person("patient"), await town.person("doctor")];
  await town.makeKey(3);
  const documents = letters.map((plaintext) => ({
    ...{ objectId: bytesToHex(randomBytes(32)), plaintext, owner: patient.account, compartment: "ab".repeat(32) },
  }));
  const { client } = town.nodes[0]!;
  await fileDocuments(client, { as: town.hospital, documents });
  objectIds.push(...documents.map(({ objectId }) => objectId));
  const grantee = { kind: "person", account: doctor.account } as const;
  const until = Date.now() + 3_600_000;
  ({ grantId } = await grantAccess(client, { as: patient, grantee, covers: { kind: "everything" }, purposes: ["TREAT"], until }));
}, 60_000);
afterAll(() => town.close());

/** What a custodian on the way to the reader does to the answer of a node: nothing, or something else. */
type Misdeed = (answer: Response) => Promise<Response>;

/** The reader's client of the first node, for whom some custodians (by node, from 0) misbehave. */
function readerWith(misdeeds: ReadonlyMap<number, Misdeed>): Client {
  const client = town.nodes[0]!.client;
  return {
    ...client,
    async fetch(input, init) {
      const answer = await fetch(input, init);
      const at = town.nodes.findIndex(({ url }) => input === `${url}/v1/custody/shares`);
      return misdeeds.get(at)?.(answer) ?? answer;
    },
  };
}

const alter =
  (change: (body: Record<string, unknown>) => object): Misdeed =>
  async (answer) => {
    return Response.json(change((await answer.json()) as Record<string, unknown>));
  };
const forge = alter((body) => ({ ...body, proof: flipped(body.proof as string) }));
const away: Misdeed = async () => {
  throw new TypeError("fetch failed");
};
const speakForAnother = alter((body) => ({ ...body, custodian: ((body.custodian as number) % 4) + 1 }));
const nameAnotherEpoch = alter((body) => ({ ...body, epoch: (body.epoch as number) + 1 }));
const giveNonsense: Misdeed = async () => new Response("hello");

function flipped(hex: string): string {
  return (hex.startsWith("0") ? "1" : "0") + hex.slice(1);
}

const read = (client: Client) => readGranted(client, { as: doctor, objectIds, purpose: "TREAT", grantId });

describe("three of four custodians", () => {
  it("hold one key, each its own share, and are found through any node", async () => {
    const keySet = releaseKey(town.nodes[0]!.running.ledger.read())!;
    expect(keySet).toMatchObject({ threshold: 3, epoch: 1 });
    expect(new Set(keySet.custodians.map(({ publicShare }) => publicShare)).size).toBe(4);
    await until(async () => (await peers(town.nodes[0]!.client)).peers.every(({ isReachable }) => isReachable));
    const { opened, failures } = await read(town.nodes[0]!.client);
    expect(opened.map(({ plaintext }) => plaintext)).toEqual(letters);
    expect(failures).toEqual([]);
  });

  it("are told by their organisations, by a node's word and with proof, and a stranger by none", async () => {
    const { client, running } = town.nodes[0]!;
    const { custodians } = releaseKey(running.ledger.read())!;
    const places = town.nodes.map((node, at) => [node.running.custodian!.account, town.organisations[at]!.account] as const);
    const trust = trustOfGenesis(await genesis(client), nativeCrypto);
    const trusting = createClient({ url: client.url, trust, crypto: nativeCrypto });
    const offered = town.nodes.map(({ running: { custodian } }) => ({ account: custodian!.account, sealingKey: custodian!.sealingKey }));
    await until(() => offered.every(({ account }) => standingOffer(running.ledger.read(), account)));
    const [first, second] = [custodians[0]!, custodians[1]!];
    const strangers: readonly NamedCustodian[] = [
      { ...first, sealingKey: second.sealingKey },
      { ...first, account: doctor.account },
      { ...offered[0]!, account: doctor.account },
      { account: doctor.account, sealingKey: "ab".repeat(32) },
    ];
    for (const asking of [client, trusting]) {
      expect(new Map(places)).toEqual(await custodianOrganisations(asking, custodians));
      expect(new Map(places)).toEqual(await custodianOrganisations(asking, offered));
      for (const stranger of strangers) expect(await custodianOrganisations(asking, [stranger])).toEqual(new Map());
    }
  });

  it.each([
    ["is away", away, { kind: "unreachable", id: "client/Unreachable" }],
    ["forges its proof", forge, { kind: "forged", id: "" }],
    ["speaks for another", speakForAnother, { kind: "forged", id: "" }],
    ["names another epoch", nameAnotherEpoch, { kind: "otherEpoch", id: "" }],
    ["gives one share for two", alter((body) => ({ ...body, shares: [(body.shares as string[])[0]] })), { kind: "forged", id: "" }],
    ["gives nonsense", giveNonsense, { kind: "refused", id: "client/UnexpectedAnswer" }],
  ])("open although one %s", async (_, misdeed, failure) => {
    for (const at of [0, 1, 2, 3]) {
      const { opened, failures } = await read(readerWith(new Map([[at, misdeed]])));
      expect(opened.map(({ plaintext }) => plaintext)).toEqual(letters);
      // The one that failed is named, unless the others were faster.
      for (const found of failures) expect(found).toEqual({ url: town.nodes[at]!.url, ...failure });
    }
  });

  it.each([
    ["are away", away, "unreachable"],
    ["forge", forge, "forged"],
    ["speak for another", speakForAnother, "forged"],
    ["name another epoch", nameAnotherEpoch, "otherEpoch"],
  ])("do not open when two %s, and name them", async (_, misdeed, kind) => {
    const reading = read(
      readerWith(
        new Map([
          [1, misdeed],
          [3, misdeed],
        ]),
      ),
    );
    await expect(reading).rejects.toMatchObject({ id: "release/TooFewShares", details: { needed: 3, good: 2 } });
    const { details } = (await reading.catch((error: unknown) => error)) as { details: Record<string, string> };
    for (const at of [1, 3]) expect(details[kind]).toContain(town.nodes[at]!.url);
  });

  it("are asked for the reader's network, whatever their nodes call their own", async () => {
    const asked = new Set<string>();
    const custodians = town.nodes.map(({ client }) => ({
      ...client,
      chainId: undefined,
      fetch: ((input, init) => {
        asked.add(new URL(new Request(input).url).pathname);
        return fetch(input, init);
      }) as typeof fetch,
    }));
    await readGranted(town.nodes[0]!.client, { as: doctor, objectIds, purpose: "TREAT", grantId, custodians });
    expect([...asked]).toEqual(["/v1/custody/shares"]);
  });

  it("do not wait for one that never answers, and give up in time when two do not", async () => {
    const sockets = new Set<Socket>();
    const silent = createServer((socket) => void sockets.add(socket));
    await new Promise<void>((resolve) => silent.listen(0, "127.0.0.1", resolve));
    const { client, url: _ } = town.nodes[0]!;
    const deaf = { ...client, url: `http://127.0.0.1:${(silent.address() as AddressInfo).port}` };
    const [a, b, c] = town.nodes.map((node) => node.client) as [Client, Client, Client];
    const options = { as: doctor, objectIds, purpose: "TREAT", grantId } as const;
    const start = performance.now();
    const { opened } = await readGranted(client, { ...options, custodians: [deaf, a, b, c] });
    expect(opened).toHaveLength(2);
    expect(performance.now() - start).toBeLessThan(client.timeoutMs);
    const hasty = { ...client, timeoutMs: 5_000 };
    await expect(readGranted(hasty, { ...options, custodians: [deaf, deaf, a, b] })).rejects.toMatchObject({
      id: "release/TooFewShares",
      details: { good: 2, slow: expect.stringContaining(deaf.url) },
    });
    for (const socket of sockets) socket.destroy();
    silent.close();
  });

  it("open with nodes that are down, as long as three are there", async () => {
    await town.nodes[3]!.stop();
    const { opened } = await read(town.nodes[0]!.client);
    expect(opened).toHaveLength(2);
    await town.nodes[2]!.stop();
    await expect(read(town.nodes[0]!.client)).rejects.toMatchObject({ id: "release/TooFewShares", details: { needed: 3, good: 2 } });
    await Promise.all([town.nodes[2]!.start(), town.nodes[3]!.start()]);
  });

  it("hand the same key on with fresh shares, and old shares open nothing", async () => {
    const before = releaseKey(town.nodes[0]!.running.ledger.read())!;
    await town.reshareKey(3);
    const after = releaseKey(town.nodes[0]!.running.ledger.read())!;
    expect(after.publicKey).toBe(before.publicKey);
    expect(after.custodians.map(({ publicShare }) => publicShare)).not.toEqual(before.custodians.map(({ publicShare }) => publicShare));
    expect((await read(town.nodes[0]!.client)).opened).toHaveLength(2);
  });

  it("open what was asked for before they handed the key on, although it may be read only once", async () => {
    const { client } = town.nodes[0]!;
    const grantee = { kind: "person", account: doctor.account } as const;
    const terms = { grantee, covers: { kind: "everything" } as const, until: Date.now() + 3_600_000, reads: 1 };
    const { grantId: once } = await grantAccess(client, { as: patient, ...terms, purposes: ["TREAT"] });
    const beforeSigning = () => town.reshareKey(3); // by then the reader has read the key
    const { opened, failures } = await readGranted(client, { as: doctor, objectIds, purpose: "TREAT", grantId: once, beforeSigning });
    expect([opened.map(({ plaintext }) => plaintext), failures]).toEqual([letters, []]);
  });

  it("answer for a block that their node has yet to execute", async () => {
    const client = { ...town.nodes[1]!.client, crypto: nativeCrypto };
    for (let times = 0; times < 5; times++) expect((await read(client)).failures.filter(({ kind }) => kind === "refused")).toEqual([]);
  });
});
