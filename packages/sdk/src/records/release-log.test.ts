import { createSigners } from "@galen/ledger/block/testing/signed-chain";
import { validatorsHash } from "@galen/ledger/block/validator";
import { bytesToHex } from "@galen/ledger/crypto/hex";
import { portableCrypto } from "@galen/ledger/crypto/portable";
import { log, releases } from "@galen/ledger/modules/vault/state";
import { foundVaultTown, releaseOf, requestMessage, sealedObject, sealMessage } from "@galen/ledger/modules/vault/testing/scene";
import { encodeStateProof } from "@galen/ledger/store/proof";
import { expectDone } from "@galen/ledger/testing/actors";
import { beforeAll, expect, it } from "vitest";
import { createClient } from "../client/client.ts";
import { type StateProof, stateProofToJson } from "../proofs/state-proof.ts";
import { finalHeader } from "../proofs/testing/proven-chain.ts";
import { releaseLog } from "./release-log.ts";

const signers = createSigners({ "validator one": 10n });
const trust = { chainId: "test", validatorsHash: bytesToHex(validatorsHash(signers, portableCrypto.sha256)) };
type Town = Awaited<ReturnType<typeof foundVaultTown>>;

let town: Town;
let releaseIds: readonly string[];

beforeAll(async () => {
  town = await foundVaultTown();
  const { chain, patient, stranger } = town;
  const object = sealedObject(patient, "document");
  await expectDone(chain.run(patient, sealMessage(object)));
  const asked: string[] = [];
  for (const nonce of ["first", "second", "third"]) {
    const request = requestMessage(chain, stranger, { objectIds: [object.objectId], nonce });
    asked.push(releaseOf(chain, await expectDone(chain.run(stranger, request))).releaseId);
  }
  releaseIds = asked.toReversed();
});

/** A node that proves what it is asked for as the state was after `heightOf(key)`, and answers with what `alter` makes of it. */
function clientOf({ heightOf, alter }: { heightOf?: (key: string) => number | undefined; alter?: (proof: StateProof) => StateProof } = {}) {
  const { ledger, executed } = town.chain;
  const fetch = async (input: RequestInfo | URL) => {
    const key = new URL(new Request(input).url).searchParams.get("key")!;
    const { value, proof, height } = ledger.prove(key, heightOf?.(key));
    const { appHash } = executed[height - 1]!.finalized;
    const honest: StateProof = {
      ...{ kind: "state", key, height, value },
      path: encodeStateProof(proof),
      final: finalHeader(height + 1, signers, { appHash }),
    };
    return Response.json(stateProofToJson(alter?.(honest) ?? honest, portableCrypto));
  };
  return createClient({ url: "http://node.test", trust, fetch, now: () => Date.UTC(2026, 0) });
}

async function read(client: ReturnType<typeof clientOf>, owner = town.patient): Promise<string[]> {
  const found: string[] = [];
  for await (const { releaseId } of releaseLog(client, owner.account)) found.push(releaseId);
  return found;
}

it("is whole and proven, newest first", async () => {
  expect(await read(clientOf())).toEqual(releaseIds);
});

it("of somebody whom nobody asked is proven to be empty", async () => {
  expect(await read(clientOf(), town.neighbour)).toEqual([]);
});

const before = () => town.chain.ledger.height - 1;
it.each([
  ["leaves out the newest entry", () => log.entries.keyOf(town.patient.account, 2)],
  ["leaves out what the newest entry names", () => releases.keyOf(releaseIds[0]!)],
])("a node that %s is found out", async (_, keyOf) => {
  const heightOf = (key: string) => (key === keyOf() ? before() : undefined);
  await expect(read(clientOf({ heightOf }))).rejects.toMatchObject({ id: "proof/EntryWithheld" });
});

it.each([
  ["counts fewer", () => log.counts.keyOf(town.patient.account), () => log.counts.encode({ count: 2 })],
  ["names another release", () => log.entries.keyOf(town.patient.account, 2), () => log.entries.encode({ releaseId: releaseIds[1]! })],
  [
    "names another reader",
    () => releases.keyOf(releaseIds[0]!),
    () => releases.encode({ ...releases.get(town.chain.ledger.read(), releaseIds[0]!)!, reader: town.nurse.account }),
  ],
])("a node that %s is found out", async (_, keyOf, forged) => {
  const alter = (proof: StateProof) => (proof.key === keyOf() ? { ...proof, value: forged() } : proof);
  await expect(read(clientOf({ alter }))).rejects.toMatchObject({ id: "proof/StateNotProven" });
});
