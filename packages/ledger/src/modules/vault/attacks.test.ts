import { beforeAll, describe, expect, it } from "vitest";
import { scalarField, scalarToBytes } from "../../crypto/group.ts";
import { bytesToHex, hexToBytes } from "../../crypto/hex.ts";
import { lagrangeFactors } from "../../crypto/polynomial-commitments.ts";
import { portableCrypto as crypto } from "../../crypto/portable.ts";
import { releaseRequestContext } from "../../crypto/release-statement.ts";
import { expectDone } from "../../testing/actors.ts";
import { testBytes } from "../../testing/chain.ts";
import { refusalOf } from "../../testing/refusal-table.ts";
import type { Message } from "../../tx/transaction.ts";
import { multiplyHex, pointHex } from "../custody/testing/custodians.ts";
import { objectLabel } from "./label.ts";
import {
  capsuleSecret,
  foundVaultTown,
  grantMessage,
  proofOf,
  releaseOf,
  requestMessage,
  requestSecret,
  sealedObject,
  sealMessage,
  type VaultTown,
} from "./testing/scene.ts";

/**
 * The three attacks on release that the design names ("Release" in privacy.md), with the mathematics that makes them work where the handler's
 * check is missing: the custodians' answers are computed here as custodians compute them, for whatever stands in the request.
 */
const plus = (a: string, b: string) => bytesToHex(crypto.ristretto255.add(hexToBytes(a)!, hexToBytes(b)!));
const minus = (a: string, b: string) => bytesToHex(crypto.ristretto255.subtract(hexToBytes(a)!, hexToBytes(b)!));
const objectId = (name: string) => testBytes(`object ${name}`);
const capsulePoint = (name: string) => pointHex(capsuleSecret(name));
const grantId = testBytes("grant");

/** x·(U + R) from the answers of custodians 1 and 3 of a key of two of three. */
function answer({ key }: VaultTown, point: string, requestPoint: string): string {
  const [first, third] = [1, 3].map((index) => hexToBytes(multiplyHex(plus(point, requestPoint), key.shares.get(index)!))!);
  const combined = crypto.ristretto255.combine([first!, third!], lagrangeFactors([1, 3]).map(scalarToBytes));
  return bytesToHex(combined!);
}

/** x·U, which opens the capsule of this name: what only a release may give. */
function opening({ key }: VaultTown, name: string): string {
  return multiplyHex(key.keySet.publicKey, capsuleSecret(name));
}

/** A request with the given points; the attacker proves with the secrets it has. */
function forgedRequest(
  { chain, clinician }: VaultTown,
  names: readonly string[],
  points: readonly string[],
  secrets: readonly bigint[],
): Message {
  const objectIds = names.map(objectId);
  const context = releaseRequestContext(crypto, { chainId: chain.ledger.chainId, reader: clinician.account, objectIds });
  const objects = objectIds.map((id, at) => ({ objectId: id, requestPoint: points[at]! }));
  return { type: "vault.request", value: { objects, purpose: "TREAT", grantId, proof: proofOf(context, secrets, points) } };
}

describe("attacks on release", () => {
  let town: VaultTown;
  beforeAll(async () => {
    town = await foundVaultTown({ threshold: 2, count: 3 });
    const { chain, patient, clinician, neighbour } = town;
    await expectDone(chain.run(patient, sealMessage(sealedObject(patient, "granted"), sealedObject(patient, "closed"))));
    await expectDone(chain.run(neighbour, sealMessage(sealedObject(neighbour, "foreign"))));
    const covers = { kind: "objects", ids: [objectId("granted")] };
    const grant = grantMessage(chain, patient, grantId, { grantee: { kind: "person", account: clinician.account }, covers });
    await expectDone(chain.run(patient, grant));
  });

  it("an honest request opens what was granted, and nothing else", async () => {
    const { chain, clinician, key } = town;
    const request = requestMessage(chain, clinician, { objectIds: [objectId("granted")], nonce: "honest", grantId });
    const { release } = releaseOf(chain, await expectDone(chain.run(clinician, request)));
    const secret = requestSecret(objectId("granted"), "honest");
    const [asked] = release.objects;
    const released = minus(answer(town, capsulePoint("granted"), asked!.requestPoint), multiplyHex(key.keySet.publicKey, secret));
    expect(released).toBe(opening(town, "granted"));
    expect(released).not.toBe(opening(town, "closed"));
  });

  describe("R = U' - U, to have the granted object's request answered for another one", () => {
    const difference = () => minus(capsulePoint("foreign"), capsulePoint("granted"));

    it("would open the other one", () => {
      expect(answer(town, capsulePoint("granted"), difference())).toBe(opening(town, "foreign"));
    });

    it.each([
      ["with a proof of something else", () => forgedRequest(town, ["granted"], [difference()], [5n])],
      ["blinded by a scalar that is known", () => forgedRequest(town, ["granted"], [plus(difference(), pointHex(7n))], [7n])],
      [
        "split over two objects, so that the sum of the points is known",
        () => forgedRequest(town, ["granted", "closed"], [plus(difference(), pointHex(7n)), minus(pointHex(9n), difference())], [7n, 9n]),
      ],
      [
        "with the proof of an honest request",
        () => {
          const honest = requestMessage(town.chain, town.clinician, { objectIds: [objectId("granted")], nonce: "lent", grantId });
          return { ...honest, value: { ...honest.value, objects: [{ objectId: objectId("granted"), requestPoint: difference() }] } };
        },
      ],
    ])("is refused %s", (_, request) => {
      expect(refusalOf(town.chain, [town.clinician], [request()])).toBe("vault/UnprovenRequest");
    });
  });

  describe("one R for two objects, to compute the answer to the one from the answer to the other", () => {
    const secret = 11n;

    it("would open the second to whoever can open the first and sees the answers", () => {
      const [first, second] = ["granted", "closed"].map((name) => answer(town, capsulePoint(name), pointHex(secret)));
      const blind = minus(first!, opening(town, "granted"));
      expect(minus(second!, blind)).toBe(opening(town, "closed"));
    });

    it("is refused within a request, in a later one, and to another reader", async () => {
      const { chain, clinician, patient } = town;
      const twice = forgedRequest(town, ["granted", "closed"], [pointHex(secret), pointHex(secret)], [secret, secret]);
      expect(refusalOf(chain, [clinician], [twice])).toBe("vault/PointReused");
      await expectDone(chain.run(clinician, forgedRequest(town, ["granted"], [pointHex(secret)], [secret])));
      expect(refusalOf(chain, [clinician], [forgedRequest(town, ["closed"], [pointHex(secret)], [secret])])).toBe("vault/PointReused");
      const own = requestMessage(chain, patient, { objectIds: [objectId("closed")], nonce: "", secrets: [secret] });
      expect(refusalOf(chain, [patient], [own])).toBe("vault/PointReused");
    });
  });

  describe("an own object whose capsule copies or shifts a foreign U, to have it opened as one's own", () => {
    const shift = 13n;
    const shifted = () => plus(capsulePoint("foreign"), pointHex(shift));
    const ownObject = (point: string, secret: bigint) => {
      const object = { ...sealedObject(town.clinician, "bait"), capsulePoint: point };
      return sealMessage({ ...object, capsuleProof: proofOf(objectLabel(object, crypto), [secret], [point]) });
    };

    it("would open the foreign one", () => {
      const released = minus(answer(town, shifted(), pointHex(17n)), multiplyHex(town.key.keySet.publicKey, 17n));
      expect(minus(released, multiplyHex(town.key.keySet.publicKey, shift))).toBe(opening(town, "foreign"));
    });

    it.each([
      ["a copy", "vault/PointReused", () => ownObject(capsulePoint("foreign"), shift)],
      ["a shifted copy, with the shift as secret", "vault/UnprovenCapsule", () => ownObject(shifted(), shift)],
      [
        "a multiple, with the factor as secret",
        "vault/UnprovenCapsule",
        () => ownObject(multiplyHex(capsulePoint("foreign"), shift), shift),
      ],
      [
        "the opposite",
        "vault/UnprovenCapsule",
        () => ownObject(multiplyHex(capsulePoint("foreign"), scalarField.neg(1n)), scalarField.neg(1n)),
      ],
      [
        "a copy of a capsule that is not on the ledger yet, with its true proof",
        "vault/UnprovenCapsule",
        () => sealMessage({ ...sealedObject(town.patient, "pending"), owner: town.clinician.account }),
      ],
    ])("is refused: %s", (_, refusal, message) => {
      expect(refusalOf(town.chain, [town.clinician], [message()])).toBe(refusal);
    });
  });

  it("a point that served as R cannot become a U, nor the other way round", async () => {
    const { chain, clinician } = town;
    const secret = 19n;
    await expectDone(chain.run(clinician, forgedRequest(town, ["granted"], [pointHex(secret)], [secret])));
    const object = { ...sealedObject(clinician, "bait"), capsulePoint: pointHex(secret) };
    const sealing = sealMessage({ ...object, capsuleProof: proofOf(objectLabel(object, crypto), [secret]) });
    expect(refusalOf(chain, [clinician], [sealing])).toBe("vault/PointReused");
    const asking = forgedRequest(town, ["granted"], [capsulePoint("closed")], [capsuleSecret("closed")]);
    expect(refusalOf(chain, [clinician], [asking])).toBe("vault/PointReused");
  });
});
