import { capsuleLabel } from "@galen/ledger/crypto/capsule-label";
import { proveEqualLogs } from "@galen/ledger/crypto/dleq-proof";
import { scalarField, scalarToBytes } from "@galen/ledger/crypto/group";
import { bytesToHex } from "@galen/ledger/crypto/hex";
import { portableCrypto as crypto } from "@galen/ledger/crypto/portable";
import { releaseBase, releaseRequestContext, releaseShareContext } from "@galen/ledger/crypto/release-statement";
import { provePossession, verifyPossession } from "@galen/ledger/crypto/schnorr-proof";
import { describe, expect, it } from "vitest";
import { createClient } from "../client/client.ts";
import { accountKeys } from "../keys/account-keys.ts";
import { webRandom } from "../keys/random.ts";
import { createEd25519Signer } from "../keys/signer.ts";
import { openWithRelease, sealObject } from "../seal/seal-object.ts";
import { type CustodianFailure, collectShares } from "./collect-shares.ts";
import { type CustodianShare, createReleaseCombiner, type ReleaseFacts } from "./combine-release.ts";
import { createReleaseRequest, type PendingRelease } from "./release-request.ts";

const { add, multiply, multiplyBase, subtract } = crypto.ristretto255;
const chainId = "galen-test";
const requestId = "0f".repeat(32);
const [reader, owner, policyHash] = ["01", "02", "03"].map((byte) => byte.repeat(32)) as [string, string, string];

/** A key of 3 of 4: f(x) = 1000 + 20x + 7x², as four custodians hold it. */
const epoch = 2;
const threshold = 3;
const shareOf = (custodian: number) => scalarToBytes(1000n + 20n * BigInt(custodian) + 7n * BigInt(custodian) ** 2n);
const collectiveKey = multiplyBase(scalarToBytes(1000n));
const custodians = [1, 2, 3, 4];
const publicShares = new Map(custodians.map((custodian) => [custodian, multiplyBase(shareOf(custodian))]));

const texts = ["first record", "second record"].map((text) => new TextEncoder().encode(text));
const objects = await Promise.all(
  texts.map(async (plaintext, index) => {
    const ownership = { objectId: `a${index}`.repeat(32), owner, policyHash };
    const ownerRecordKey = accountKeys(new Uint8Array(64), 0).record.publicKey;
    return { ...ownership, plaintext, ...(await sealObject({ ...ownership, plaintext, ownerRecordKey, collectiveKey, crypto })) };
  }),
);

/** What a custodian does with a committed request: it multiplies, blindly. */
function answer(
  custodian: number,
  points: readonly { capsulePoint: Uint8Array; requestPoint: Uint8Array }[],
  id = requestId,
): CustodianShare {
  const secret = shareOf(custodian);
  const bases = points.map(({ capsulePoint, requestPoint }) => releaseBase(crypto, capsulePoint, requestPoint)!);
  const images = bases.map((base) => multiply(base, secret));
  const context = releaseShareContext(crypto, { chainId, requestId: id, custodian });
  const statement = { publicKey: multiplyBase(secret), bases, images, context, crypto };
  return { custodian, epoch, points: images, proof: proveEqualLogs({ ...statement, secret, randomness: webRandom(32) }) };
}

/** What the handler checks of a request's points before it writes the entry. */
function handlerAccepts({ objects: asked, proof }: Pick<PendingRelease, "objects" | "proof">, by = reader): boolean {
  const context = releaseRequestContext(crypto, { chainId, reader: by, objectIds: asked.map(({ objectId }) => objectId) });
  return verifyPossession({ points: asked.map(({ requestPoint }) => requestPoint), context, proof, crypto });
}

const pending = createReleaseRequest({ chainId, reader, objects, crypto });
const good = custodians.map((custodian) => answer(custodian, pending.objects));
const facts: ReleaseFacts = { pending, chainId, requestId, epoch, publicShares, threshold, collectiveKey, crypto };

/** Offers shares one after the other, as long as more are needed. */
function combine(shares: readonly CustodianShare[], given: ReleaseFacts = facts) {
  const combiner = createReleaseCombiner(given);
  const refused = shares
    .filter((share) => combiner.good.length < threshold && combiner.offer(share) !== "good")
    .map(({ custodian }) => custodian);
  return { released: combiner.released(), refused };
}

describe("a release", () => {
  it("is accepted, answered, combined and opened", async () => {
    expect(handlerAccepts(pending)).toBe(true);
    const { released, refused } = combine(good);
    expect(refused).toEqual([]);
    for (const [index, object] of objects.entries())
      expect(await openWithRelease({ ...object, released: released![index]! })).toEqual(object.plaintext);
  });

  it.each([[[1, 2, 3]], [[1, 2, 4]], [[1, 3, 4]], [[2, 3, 4]], [[4, 2, 1]]])("opens with the custodians %j", (chosen) => {
    expect(combine(chosen.map((custodian) => good[custodian - 1]!)).released).toEqual(combine(good).released);
  });

  it("does not open with fewer than the threshold", () => {
    expect(combine(good.slice(0, 2))).toEqual({ released: undefined, refused: [] });
  });

  const [first, second] = good as [CustodianShare, CustodianShare];
  it.each([
    ["a bit of a point changed", { ...first, points: first.points.with(1, first.points[1]!.with(0, first.points[1]![0]! ^ 2)) }],
    ["a bit of the proof changed", { ...first, proof: first.proof.with(40, first.proof[40]! ^ 1) }],
    ["its points exchanged", { ...first, points: first.points.toReversed() }],
    ["a point missing", { ...first, points: first.points.slice(1) }],
    ["another custodian's answer under its name", { ...second, custodian: 1 }],
    ["an answer to another request", answer(1, pending.objects, "1f".repeat(32))],
    ["an answer to another reader", answer(1, createReleaseRequest({ chainId, reader: owner, objects, crypto }).objects)],
    ["nothing", { custodian: 1, epoch, points: [], proof: new Uint8Array() }],
  ])("names custodian 1, who sent %s, and opens with the others", (_, wrong) => {
    const { released, refused } = combine(good.with(0, wrong));
    expect(refused).toEqual([1]);
    expect(released).toEqual(combine(good).released);
  });

  it("counts a custodian once, and strangers not at all", () => {
    expect(combine([first, first, first])).toEqual({ released: undefined, refused: [1, 1] });
    const combiner = createReleaseCombiner(facts);
    const verdicts = [first, first, { ...second, custodian: 1 }, { ...first, custodian: 9 }].map((share) => combiner.offer(share));
    expect(verdicts).toEqual(["good", "repeated", "forged", "forged"]);
    expect(combine([{ ...first, custodian: 9 }])).toEqual({ released: undefined, refused: [9] });
  });

  it("calls no share of another epoch forged, and does not take it", () => {
    const combiner = createReleaseCombiner(facts);
    expect([combiner.offer({ ...first, epoch: epoch - 1 }), combiner.good]).toEqual(["otherEpoch", []]);
  });

  it("does not open for somebody who overhears the answers", async () => {
    const overheard = { ...pending, objects: pending.objects.map((object) => ({ ...object, secret: scalarToBytes(5n) })) };
    const { released } = combine(good, { ...facts, pending: overheard });
    await expect(openWithRelease({ ...objects[0]!, released: released![0]! })).rejects.toMatchObject({ code: "CapsuleRefused" });
  });

  it("cannot be asked for with another reader's proof", () => {
    expect(handlerAccepts(pending, owner)).toBe(false);
    expect(handlerAccepts({ ...pending, objects: pending.objects.toReversed() })).toBe(false);
  });
});

/** What a node answers to the question for its share. */
type NodeAnswer = (signal: AbortSignal) => Promise<Response>;

describe("custodians that are asked at once", async () => {
  const as = { account: reader, signers: [await createEd25519Signer(accountKeys(new Uint8Array(64), 0).signing.secretKey)] };
  const node = (url: string, answering: NodeAnswer, timeoutMs = 5_000) =>
    createClient({ url, chainId, timeoutMs, fetch: (_, init) => answering(init!.signal!) });
  const giving =
    ({ custodian, epoch: of, points, proof }: CustodianShare, until = Promise.resolve()): NodeAnswer =>
    async () => {
      await until;
      return Response.json({ custodian, epoch: of, shares: points.map(bytesToHex), proof: bytesToHex(proof) });
    };
  const silent: NodeAnswer = (signal) =>
    new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason as DOMException)));
  const options = { as, releaseId: requestId, height: 1, threshold, timeoutMs: 5_000 };
  const [first, second, third, fourth] = good as [CustodianShare, CustodianShare, CustodianShare, CustodianShare];
  const others = [node("http://second", giving(second)), node("http://third", giving(third))];

  it.each<[name: string, answering: NodeAnswer, failure: Pick<CustodianFailure, "kind" | "id">]>([
    ["cannot be reached", () => Promise.reject(new TypeError("fetch failed")), { kind: "unreachable", id: "client/Unreachable" }],
    ["does not answer in time", silent, { kind: "slow", id: "client/TimedOut" }],
    [
      "refuses",
      async () => Response.json({ title: "custody/NoShare", detail: "none" }, { status: 409 }),
      { kind: "refused", id: "custody/NoShare" },
    ],
    ["forges", giving({ ...second, custodian: 1 }), { kind: "forged", id: "" }],
    ["has a share of another epoch", giving({ ...first, epoch: epoch + 1 }), { kind: "otherEpoch", id: "" }],
  ])("are named with the reason: one %s", async (_, answering, failure) => {
    const combiner = createReleaseCombiner(facts);
    const failures = await collectShares([node("http://first", answering, 300), ...others], combiner, options);
    expect(failures).toEqual([{ url: "http://first", ...failure }]);
    expect(new Set(combiner.good)).toEqual(new Set([2, 3]));
  });

  it("are waited for no longer than is needed, and what comes later counts no more", async () => {
    const [late, combiner] = [Promise.withResolvers<void>(), createReleaseCombiner(facts)];
    const nodes = [
      node("http://silent", silent),
      node("http://late", giving(fourth, late.promise)),
      node("http://first", giving(first)),
      ...others,
    ];
    const failures = await collectShares(nodes, combiner, { ...options, timeoutMs: 60_000 });
    late.resolve();
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(failures).toEqual([]);
    expect(new Set(combiner.good)).toEqual(new Set([1, 2, 3]));
  });

  it("are not blamed for an answer that another one has passed on as its own before", async () => {
    const before = new Promise<void>((resolve) => setTimeout(resolve, 20));
    const nodes = [node("http://relay", giving(first)), node("http://first", giving(answer(1, pending.objects), before)), others[0]!];
    const failures = await collectShares(nodes, createReleaseCombiner(facts), options);
    expect(failures).toEqual([{ url: "http://first", kind: "repeated", id: "" }]);
  });
});

/** The attacks of the design's section "Release": each works if the check is left out, and is refused by it. */
describe("the attack", () => {
  const foreign = objects[0]!; // the attacker may not read this one
  const own = objects[1]!; // and may read this one

  const releasedBy = (points: readonly { capsulePoint: Uint8Array; requestPoint: Uint8Array }[]) => {
    const factors = [3n, scalarField.neg(3n), 1n]; // Lagrange at zero for 1, 2, 3
    const shares = [1, 2, 3].map((custodian) => answer(custodian, points));
    return points.map(
      (_, index) =>
        crypto.ristretto255.combine(
          shares.map((share) => share.points[index]!),
          factors.map(scalarToBytes),
        )!,
    );
  };

  it("R = U' - U makes custodians open a foreign record; it has no proof of possession", async () => {
    const requestPoint = subtract(foreign.capsulePoint, own.capsulePoint);
    const [opened] = releasedBy([{ capsulePoint: own.capsulePoint, requestPoint }]);
    expect(await openWithRelease({ ...foreign, released: opened! })).toEqual(foreign.plaintext);

    const asked = [{ objectId: own.objectId, capsulePoint: own.capsulePoint, requestPoint, secret: scalarToBytes(1n) }];
    const context = releaseRequestContext(crypto, { chainId, reader, objectIds: [own.objectId] });
    const forged = provePossession({ points: [requestPoint], secrets: [scalarToBytes(1n)], context, randomness: webRandom(32), crypto });
    expect(handlerAccepts({ objects: asked, proof: forged })).toBe(false);
    expect(handlerAccepts({ objects: asked, proof: pending.proof })).toBe(false);
  });

  it("R = s·G + (U' - U), shifted by a known s, has none either", () => {
    const secret = scalarToBytes(77n);
    const requestPoint = add(multiplyBase(secret), subtract(foreign.capsulePoint, own.capsulePoint));
    const context = releaseRequestContext(crypto, { chainId, reader, objectIds: [own.objectId] });
    const proof = provePossession({ points: [requestPoint], secrets: [secret], context, randomness: webRandom(32), crypto });
    expect(handlerAccepts({ objects: [{ objectId: own.objectId, capsulePoint: own.capsulePoint, requestPoint, secret }], proof })).toBe(
      false,
    );
  });

  it("one R for two objects lets whoever can open one open the other from the answers; every request has its own R for each object", async () => {
    const shared = multiplyBase(scalarToBytes(99n)); // the reader's one R; the attacker does not know 99
    const [ofForeign, ofOwn] = releasedBy(objects.map(({ capsulePoint }) => ({ capsulePoint, requestPoint: shared })));
    const known = multiply(own.capsulePoint, scalarToBytes(1000n)); // x·U of the own record, known from an earlier release
    const opened = subtract(ofForeign!, subtract(ofOwn!, known)); // x·(U' + R) - x·R
    expect(await openWithRelease({ ...foreign, released: opened })).toEqual(foreign.plaintext);

    const again = createReleaseRequest({ chainId, reader, objects, crypto });
    const points = [...pending.objects, ...again.objects].map(({ requestPoint }) => requestPoint.join());
    expect(new Set(points).size).toBe(4);
  });

  it("a record of one's own with a copied or shifted U opens the foreign one; it has no proof for its label", async () => {
    const label = { objectId: "ee".repeat(32), owner: reader, policyHash };
    const shift = scalarToBytes(5n);
    const shifted = add(foreign.capsulePoint, multiplyBase(shift));
    const request = createReleaseRequest({ chainId, reader, objects: [{ objectId: label.objectId, capsulePoint: shifted }], crypto });
    const shares = [1, 2, 3].map((custodian) => answer(custodian, request.objects));
    const { released } = combine(shares, { ...facts, pending: request });
    const opened = subtract(released![0]!, multiply(collectiveKey, shift));
    expect(await openWithRelease({ ...foreign, released: opened })).toEqual(foreign.plaintext);

    const context = capsuleLabel(label);
    const guess = provePossession({ points: [shifted], secrets: [shift], context, randomness: webRandom(32), crypto });
    expect(verifyPossession({ points: [foreign.capsulePoint], proof: foreign.capsuleProof, context, crypto })).toBe(false);
    expect(verifyPossession({ points: [shifted], proof: foreign.capsuleProof, context, crypto })).toBe(false);
    expect(verifyPossession({ points: [shifted], proof: guess, context, crypto })).toBe(false);
  });
});
