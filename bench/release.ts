import { deal } from "@galen/custody/threshold/deal";
import { releaseShare } from "@galen/custody/threshold/release-share";
import { releaseRequestContext, releaseShareContext } from "@galen/ledger/crypto/release-statement";
import { verifyPossession } from "@galen/ledger/crypto/schnorr-proof";
import { nativeCrypto as crypto } from "@galen/node/crypto/native";
import {
  accountKeys,
  compartmentLabel,
  deriveObjectId,
  fileDocuments,
  grantAccess,
  ownAccount,
  readGranted,
  submit,
  webRandom,
} from "@galen/sdk";
import { createReleaseCombiner } from "@galen/sdk/release/combine-release";
import { createReleaseRequest } from "@galen/sdk/release/release-request";
import { openWithRelease, sealObject } from "@galen/sdk/seal/seal-object";
import { startNetwork } from "../e2e/network/network.ts";
import { foundSmallNetwork, type SmallNetwork } from "../e2e/small-network.ts";
import { ensureCollectiveKey } from "../packages/cli/src/start/collective-key.ts";
import { installCometbft } from "../scripts/cometbft.ts";
import { type Figure, medianMs, quantile } from "./measure.ts";
import { withGo } from "./with-go.ts";

/* A clinician reads 100 granted objects of 2 KB: from the request to the plaintexts. */
const OBJECTS = 100;
const SIZE_BYTES = 2_048;
const RUNS = 7;
const plaintexts = Array.from({ length: OBJECTS }, (_, number) => new Uint8Array(SIZE_BYTES).map((_, at) => number * 31 + at * at));

/** One custodian, a real node over HTTP: logged entries, shares, blobs, proofs against the client's trust. */
async function releaseOneOfOne(): Promise<Figure> {
  const town = await foundSmallNetwork();
  try {
    const { objectIds, grantId } = await fileAndGrant(town);
    const ms = await medianMs(RUNS, async () => {
      const { opened } = await readGranted(town.client, { as: town.clinician, objectIds, grantId, purpose: "TREAT" });
      if (opened.length !== OBJECTS) throw new Error("not every object was opened");
    });
    return { name: "release 1 of 1, request to plaintext, 100 objects, HTTP", value: ms, unit: "ms", goal: "150 ms", met: ms < 150 };
  } finally {
    await town.stop();
  }
}

/** Four organisations on this machine, each with a CometBFT and a node in processes of their own: what one read takes, and one block. */
async function releaseOverNetwork(): Promise<Figure> {
  const program = await installCometbft();
  const network = await startNetwork({ program, inChildren: true, settings: { custodian: "on" } });
  try {
    const { client, organisation: hospital } = network.nodes[0]!;
    await ensureCollectiveKey(
      client,
      network.nodes.map(({ organisation }) => organisation!),
    );
    const [patient, clinician] = [await ownAccount(accountKeys(webRandom(64), 0)), await ownAccount(accountKeys(webRandom(64), 0))];
    await submit(client, { actors: [patient, clinician], messages: [patient.creation, clinician.creation] });
    const { objectIds, grantId } = await fileAndGrant({ client, hospital: hospital!, patient, clinician });
    const ms = await medianMs(RUNS, async () => {
      const { opened } = await readGranted(client, { as: clinician, objectIds, grantId, purpose: "TREAT" });
      if (opened.length !== OBJECTS) throw new Error("not every object was opened");
    });
    const blockMs = await medianMs(RUNS, async () => {
      const person = await ownAccount(accountKeys(webRandom(64), 0));
      await submit(client, { actors: [person], messages: [person.creation] });
    });
    return {
      name: "release 3 of 4 over CometBFT, request to plaintext, 100 objects",
      value: ms,
      unit: "ms",
      goal: "one block and 100 ms",
      met: ms < blockMs + 100,
      note: `four nodes on one machine; a transaction alone takes ${Math.round(blockMs)} ms there`,
    };
  } finally {
    await network.stop();
  }
}

async function fileAndGrant({ client, hospital, patient, clinician }: Pick<SmallNetwork, "client" | "hospital" | "patient" | "clinician">) {
  const documents = plaintexts.map((plaintext, number) => ({
    objectId: deriveObjectId(hospital.keys.compartmentKey, `document ${number}`),
    plaintext,
    owner: patient.account,
    compartment: compartmentLabel(patient.keys.compartmentKey, "general"),
  }));
  await fileDocuments(client, { as: hospital, documents });
  const grantee = { kind: "person", account: clinician.account } as const;
  const until = Date.now() + 3_600_000;
  const { grantId } = await grantAccess(client, { as: patient, grantee, covers: { kind: "everything" }, purposes: ["TREAT"], until });
  return { objectIds: documents.map(({ objectId }) => objectId), grantId };
}

const chainId = "release-bench";
const [reader, owner, policyHash, requestId] = ["01", "02", "03", "04"].map((byte) => byte.repeat(32)) as [string, string, string, string];

/** Four custodians, the cryptographic path alone: what is left of the goal once one block is taken off and the custodians' machines are added up. */
async function releaseThreeOfFour(): Promise<Figure> {
  const participants = [1, 2, 3, 4];
  const dealing = deal({ threshold: 3, participants, context: new Uint8Array(32), random: webRandom, crypto });
  const collectiveKey = dealing.commitments[0]!;
  const publicShares = new Map([...dealing.shares].map(([custodian, share]) => [custodian, crypto.ristretto255.multiplyBase(share)]));
  const ownerRecordKey = crypto.ristretto255.multiplyBase(new Uint8Array(32).fill(3)); // any 32 bytes: nobody opens as owner here
  const objects = await Promise.all(
    plaintexts.map(async (plaintext, number) => {
      const ownership = { objectId: number.toString(16).padStart(64, "0"), owner, policyHash };
      return { ...ownership, ...(await sealObject({ ...ownership, plaintext, ownerRecordKey, collectiveKey, crypto })) };
    }),
  );

  /** Milliseconds of the reader, and of the slowest custodian: in a network they work at the same time, each on a machine of its own. */
  async function release(): Promise<number> {
    const start = performance.now();
    const pending = createReleaseRequest({ chainId, reader, objects, crypto });
    const points = pending.objects.map(({ requestPoint }) => requestPoint);
    const context = releaseRequestContext(crypto, { chainId, reader, objectIds: objects.map(({ objectId }) => objectId) });
    if (!verifyPossession({ points, context, proof: pending.proof, crypto })) throw new Error("the request was refused");
    const asked = performance.now();
    const answers = participants.slice(0, 3).map((custodian) => {
      const begin = performance.now();
      const statement = { share: dealing.shares.get(custodian)!, objects: pending.objects, randomness: webRandom(32), crypto };
      const share = releaseShare({ ...statement, context: releaseShareContext(crypto, { chainId, requestId, custodian }) });
      return { share: { custodian, epoch: 1, ...share }, ms: performance.now() - begin };
    });
    const answered = performance.now();
    const combiner = createReleaseCombiner({ pending, chainId, requestId, epoch: 1, publicShares, threshold: 3, collectiveKey, crypto });
    if (!answers.every(({ share }) => combiner.offer(share))) throw new Error("a share was refused");
    const released = combiner.released();
    await Promise.all(objects.map((object, position) => openWithRelease({ ...object, released: released![position]! })));
    return asked - start + Math.max(...answers.map(({ ms }) => ms)) + (performance.now() - answered);
  }

  await release();
  const times: number[] = [];
  while (times.length < RUNS) times.push(await release());
  const ms = quantile(times, 0.5);
  const note = "reader and the slowest of three custodians; without block and network";
  return {
    name: "release 3 of 4, 100 objects, cryptographic path alone",
    value: ms,
    unit: "ms",
    goal: "100 ms besides one block",
    met: ms < 100,
    note,
  };
}

const figures = [await releaseOneOfOne(), await releaseThreeOfFour()];
const overNetwork = await withGo(releaseOverNetwork);
console.log(JSON.stringify(overNetwork === undefined ? figures : [...figures, overNetwork]));
