import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { successorHash } from "@galen/ledger/app/genesis";
import { defaultParameters } from "@galen/ledger/app/parameters";
import { bytesToHex } from "@galen/ledger/crypto/hex";
import { accounts } from "@galen/ledger/modules/accounts/state";
import { announcement } from "@galen/ledger/modules/handover/index";
import { testKey } from "@galen/ledger/testing/chain";
import { createClient } from "@galen/sdk/client/client";
import { genesis } from "@galen/sdk/client/status";
import { fetchStateProof } from "@galen/sdk/proofs/fetch-proof";
import { followHandover } from "@galen/sdk/proofs/follow-handover";
import { createProofFile, verifyProofFile } from "@galen/sdk/proofs/proof-file";
import { readProven } from "@galen/sdk/proofs/read-proven";
import { stateProofToJson } from "@galen/sdk/proofs/state-proof";
import { type Trust, trustOfGenesis } from "@galen/sdk/proofs/trust";
import { submit } from "@galen/sdk/transactions/submit";
import { afterEach, expect, it } from "vitest";
import { nativeCrypto as crypto } from "./crypto/native.ts";
import { type AnnouncedNetwork, succeedData } from "./handover-data.ts";
import { readIfThere } from "./keys/secret-file.ts";
import { replayData } from "./replay-data.ts";
import { startTestNetwork, type TestNetwork } from "./testing/test-network.ts";

const opened: TestNetwork[] = [];
afterEach(async () => {
  for (const network of opened.splice(0)) await network.close();
});

/** A network with somebody on it, and a document for the one in which it goes on: the same machine decides there. */
async function startOldNetwork() {
  const network = await startTestNetwork();
  opened.push(network);
  const somebody = await network.person("somebody");
  const { client } = network;
  const trust = trustOfGenesis(await genesis(client), crypto);
  const { validator } = (await (await fetch(`${network.node.url}/v1/status`)).json()) as { validator: string };
  const successor = { chainId: "successor", validators: [{ publicKey: validator, power: 1 }], parameters: defaultParameters, modules: {} };
  const proofFile = createProofFile([await fetchStateProof(client, accounts.keyOf(somebody.account))], crypto);
  return { network, somebody, trust, successor, proofFile };
}

async function announce({ client, hospital, node }: TestNetwork, successor: AnnouncedNetwork): Promise<unknown> {
  const hash = successorHash({ ...successor, version: node.ledger.version.number }, crypto);
  const value = { chainId: successor.chainId, successorHash: hash };
  await submit(client, { actors: [hospital], messages: [{ type: "handover.announce", value }] });
  return stateProofToJson(await fetchStateProof(client, announcement.keyOf("current")), crypto);
}

/** The folder taken over by the successor, its node started again. */
async function moveOn(network: TestNetwork, successor: AnnouncedNetwork, proof: unknown): Promise<void> {
  await network.node.stop();
  const document = await succeedData(network.folder, successor, proof);
  expect(await succeedData(network.folder, successor, proof)).toEqual(document);
  await network.restart();
}

it("a network goes on in another one with people, records and lists, and who trusted it follows", async () => {
  const { network, somebody, trust, successor, proofFile } = await startOldNetwork();
  const before = network.node.engine.status().height;
  await moveOn(network, successor, await announce(network, successor));

  const followed = await followHandover(network.client, trust);
  expect(followed.genesis.predecessor).toMatchObject({ chainId: trust.chainId });
  const client = createClient({ url: network.node.url, trust: followed.trust, crypto });
  expect((await readProven(client, accounts, somebody.account)).value).toBeDefined();
  await network.person("newcomer");
  const { height } = network.node.engine.status();
  expect(height).toBeGreaterThan(before);
  expect(network.node.engine.header(height)!.chainId).toBe("successor");

  // What was proven before still is, and a stranger to the old network believes only the new one.
  expect(verifyProofFile({ text: proofFile, trust: followed.trust, crypto, nowMs: Date.now() }).facts).toHaveLength(1);
  const onlyNew: Trust = { chainId: followed.trust.chainId, validatorsHash: followed.trust.validatorsHash };
  expect(() => verifyProofFile({ text: proofFile, trust: onlyNew, crypto, nowMs: Date.now() })).toThrow(/another network/);
  await network.restart();
  expect(network.node.ledger.chainId).toBe("successor");

  await network.node.stop();
  const replay = replayData(network.folder).next();
  await expect(replay).rejects.toMatchObject({ kind: { id: "node/NoFounding" }, details: { predecessor: trust.chainId } });
  await network.restart();
});

it.each([
  ["a proof of something else", { key: accounts.keyOf("00".repeat(32)) }, "proof/StateNotProven"],
  ["another announcement", { value: "00" }, "proof/StateNotProven"],
  ["no proof", { proof: "00" }, "proof/StateNotProven"],
])("nobody follows into a network by %s", async (_, change, id) => {
  const { network, trust, successor } = await startOldNetwork();
  const proof = await announce(network, successor);
  await moveOn(network, successor, proof);
  await network.node.stop();
  await writeFile(join(network.folder, "handover.json"), JSON.stringify({ ...(proof as object), ...change }));
  await network.restart();
  await expect(followHandover(network.client, trust)).rejects.toMatchObject({ id });
});

it("nobody follows into a network that the old one has not named, though its node shows the announcement of another", async () => {
  const { network, trust, successor } = await startOldNetwork();
  const proof = await announce(network, successor);
  const usurper = await startTestNetwork();
  opened.push(usurper);
  await usurper.node.stop();
  await writeFile(join(usurper.folder, "handover.json"), JSON.stringify(proof));
  await usurper.restart();
  await expect(followHandover(usurper.client, trust)).rejects.toMatchObject({ id: "proof/NotTheSuccessor" });
});

it("nobody follows validators of the past into their own network, whose keys may be anybody's by now", async () => {
  const { network, trust, successor } = await startOldNetwork();
  await moveOn(network, successor, await announce(network, successor));
  const past = { chainId: trust.chainId, validatorsHash: trust.validatorsHash, untilHeight: Number.MAX_SAFE_INTEGER };
  const present: Trust = { chainId: trust.chainId, validatorsHash: "00".repeat(32), earlier: [past] };
  await expect(followHandover(network.client, present)).rejects.toMatchObject({ id: "proof/ValidatorsNotTrusted" });
});

it("a chain that has not ended, or named another network, gives its folder to none", async () => {
  const { network, successor } = await startOldNetwork();
  await network.node.stop();
  await expect(succeedData(network.folder, successor, {})).rejects.toMatchObject({ kind: { id: "node/NotAnnounced" } });
  await network.restart();
  const proof = await announce(network, successor);
  await network.node.stop();
  const thief = {
    ...successor,
    validators: [{ publicKey: bytesToHex(Uint8Array.from(Buffer.from(testKey("thief").publicKey, "hex"))), power: 1 }],
  };
  await expect(succeedData(network.folder, thief, proof)).rejects.toMatchObject({ kind: { id: "node/NotAnnounced" } });
});

it("no other proof is taken, at first or later, and nothing is written", async () => {
  const { network, successor } = await startOldNetwork();
  const other = await startOldNetwork();
  const proof = (await announce(network, successor)) as object;
  const foreign = await announce(other.network, successor);
  await network.node.stop();
  const written = () => Promise.all(["genesis.json", "handover.json"].map((name) => readIfThere(join(network.folder, name))));
  const refused = [
    "something else",
    [],
    {},
    foreign,
    { ...proof, value: "00" },
    { ...proof, proof: "00" },
    { ...proof, signedHeader: {} },
    { ...proof, key: accounts.keyOf("00".repeat(32)) },
  ];
  for (const time of ["first", "later"]) {
    const before = await written();
    for (const one of refused)
      await expect(succeedData(network.folder, successor, one), `${time}: ${JSON.stringify(one)}`).rejects.toMatchObject({
        kind: { id: "node/NoHandoverProof" },
      });
    expect(await written()).toEqual(before);
    await succeedData(network.folder, successor, proof);
  }
  await network.restart();
});
