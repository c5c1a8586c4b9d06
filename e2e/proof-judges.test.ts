import { spawnSync } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { BlockIdFlag } from "@galen/ledger/block/commit";
import { signHeader } from "@galen/ledger/block/testing/signed-chain";
import { bytesToHex } from "@galen/ledger/crypto/hex";
import { decodeStateProof, encodeStateProof } from "@galen/ledger/store/proof";
import { outsideData } from "@galen/ledger/testing/outside-data";
import { nativeCrypto } from "@galen/node/crypto/native";
import { createProofFile, type Proof, type Trust, verifySubject } from "@galen/sdk";
import { finalHeaderFromJson } from "@galen/sdk/proofs/signed-header";
import { finalHeader, provenChain } from "@galen/sdk/proofs/testing/proven-chain";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { alteredFiles } from "./judges/altered-files.ts";
import { askPython, askSdk, describeWithPython, type Question, verifyProgram } from "./judges/python-judge.ts";
import { fileAndGrant, foundSmallNetwork, type SmallNetwork } from "./small-network.ts";

const { commit, absent, nil } = BlockIdFlag;

/** Altered copies that hold all the same: each proof in a file stands by itself, and many keys are absent. */
const HARMLESS = /^(without spaces|fields in another order|proofs = .*)$/;
const HARMLESS_OF_ABSENT = /^proofs\/\d\/key = /;

function fileOf(...proofs: readonly Proof[]): string {
  return createProofFile(proofs, nativeCrypto);
}

/** The path with a hash behind its siblings, and a bit for it among those that fill up the last byte. */
function withStraySibling(path: Uint8Array): Uint8Array {
  const count = decodeStateProof(path)!.siblings.length;
  expect(count % 8, "a bit is left").toBeGreaterThan(0);
  const last = 2 + Math.ceil(count / 8);
  return Uint8Array.of(...path.with(last, path[last]! | 1), ...path.slice(-32));
}

/** What both judges say of each question. */
function verdictsOn(questions: readonly Question[]): string[] {
  const said = askPython(questions);
  const differing = questions.flatMap((question, index) => {
    const sdk = askSdk(question);
    return sdk === said[index] ? [] : [{ what: question.what, sdk, python: said[index] }];
  });
  expect(differing).toEqual([]);
  return said;
}

/** Sees a file accepted by both, and every altered copy by neither, but for those that are harmless. */
function expectOnlyItself(question: Question, harmless: readonly RegExp[]): void {
  const copies = alteredFiles(question.text);
  const [itself, ...verdicts] = verdictsOn([question, ...copies.map((copy) => ({ ...question, ...copy }))]);
  expect(itself).toBe("ok");
  const accepted = copies.filter((_, index) => verdicts[index] === "ok").map(({ what }) => what);
  expect(accepted.filter((what) => !harmless.some((known) => known.test(what)))).toEqual([]);
  expect(accepted).toEqual(expect.arrayContaining(["without spaces", "fields in another order"]));
  expect(verdicts.length - accepted.length).toBeGreaterThan(300);
}

describeWithPython("a judge that shares no code with Galen agrees with the SDK", () => {
  describe("on a real network", () => {
    let town: SmallNetwork;
    let ids: Awaited<ReturnType<typeof fileAndGrant>>;
    let folder: string;

    beforeAll(async () => {
      folder = await mkdtemp(join(tmpdir(), "galen-judges-"));
      town = await foundSmallNetwork();
      ids = await fileAndGrant(town);
    });
    afterAll(async () => {
      await town.stop();
      await rm(folder, { recursive: true });
    });

    const proofsOf = async (subject: keyof typeof ids | "absent") => {
      const { kind, proofs } = await verifySubject(town.client, subject === "absent" ? "0f".repeat(32) : ids[subject]);
      expect(kind).toBe(subject);
      return proofs;
    };

    it.each(["document", "grant", "transaction", "absent"] as const)("about %s, and altered copies of its proof", async (subject) => {
      const [proof] = await proofsOf(subject);
      const question = { text: fileOf(proof!), trust: town.client.trust!, nowMs: Date.now() };
      expectOnlyItself(question, subject === "absent" ? [HARMLESS, HARMLESS_OF_ABSENT] : [HARMLESS]);
    });

    it("and says so as a program, one sentence for each check", async () => {
      const [proof, network] = [join(folder, "proof.json"), join(folder, "network.json")];
      const run = async (text: string, trust: Trust) => {
        await writeFile(proof, text);
        await writeFile(network, JSON.stringify(trust));
        return spawnSync("python3", ["-B", verifyProgram, proof, network], { encoding: "utf8" });
      };
      const { trust } = town.client;
      const [text, transaction] = [fileOf(...(await proofsOf("absent"))), fileOf(...(await proofsOf("transaction")))];
      expect(await run(text, trust!)).toMatchObject({ status: 0, stderr: "", stdout: expect.stringMatching(/^(holds: .*\n){12}$/) });
      expect(await run(transaction, trust!)).toMatchObject({ status: 0, stdout: expect.stringMatching(/^(holds: .*\n){4}$/) });
      const refused = await run(text, { ...trust!, validatorsHash: "00".repeat(32) });
      expect(refused).toMatchObject({
        status: 1,
        stdout: "",
        stderr: expect.stringMatching(/^does not hold: proof\/ValidatorsNotTrusted: .*\n$/),
      });
      expect(await run(text, {} as Trust)).toMatchObject({
        status: 1,
        stderr: "does not hold: the network file has no chainId and validatorsHash\n",
      });
    });
  });

  describe("with several validators", async () => {
    const chain = await provenChain({ a: 10n, b: 10n, c: 10n, d: 1n, e: 1n });
    const { present, executed, refused, signers } = chain;
    const { trust, nowMs } = chain.context;
    const other = "00".repeat(32);
    const earlier = [{ ...trust, untilHeight: present.final.header.height }];

    /** The state proof with these votes; those that are not named are for the block. */
    const voted = (...flags: readonly number[]): Proof => {
      return { ...present, final: { ...present.final, ...signHeader(present.final.header, signers, flags) } };
    };
    /** The key's own leaf shown as that of a neighbour, to prove that there is none. */
    const denied = (): Proof => {
      const [keyHash, valueHash] = [new TextEncoder().encode(present.key), present.value!].map(nativeCrypto.sha256);
      const end = { kind: "neighbour", keyHash: keyHash!, valueHash: valueHash! } as const;
      const { siblings } = decodeStateProof(present.path)!;
      return { ...present, value: undefined, path: encodeStateProof({ end, siblings }) };
    };
    /** Another block at the same height, with the same transactions. */
    const rival = finalHeader(executed.height, signers, { dataHash: executed.final.header.dataHash, appHash: new Uint8Array(32) });
    const twoMissing = voted(commit, commit, commit, nil, absent);
    const cases: readonly (readonly [string, Proof, Partial<Question>, string])[] = [
      ["all votes", present, {}, "ok"],
      ["a vote that did not arrive, a vote for no block", twoMissing, {}, "ok"],
      ["no vote of a large one: 22 of 32", voted(commit, absent), {}, "ok"],
      ["a large one's vote for no block: 22 of 32", voted(nil), {}, "ok"],
      ["21 of 32", voted(commit, absent, commit, commit, nil), {}, "proof/CommitInvalid"],
      ["a record that is denied by its own leaf", denied(), {}, "proof/StateNotProven"],
      ["a path with a stray sibling", { ...present, path: withStraySibling(present.path) }, {}, "proof/StateNotProven"],
      ["a transaction in a block that was not decided", { ...executed, final: rival }, {}, "proof/HeaderNotLinked"],
      ["events of a refused transaction", { ...refused, events: executed.events }, {}, "proof/EventsNotInResult"],
      ["a transaction that was executed", executed, {}, "ok"],
      ["a transaction that was refused", refused, {}, "ok"],
      ["validators before those that are trusted", present, { trust: { ...trust, validatorsHash: other, earlier } }, "ok"],
      ["a chain before the one that is trusted", present, { trust: { chainId: "after", validatorsHash: other, earlier } }, "ok"],
      [
        "validators who had gone by then",
        present,
        { trust: { ...trust, validatorsHash: other, earlier: [{ ...trust, untilHeight: 4 }] } },
        "proof/ValidatorsNotTrusted",
      ],
      ["validators of another chain", present, { trust: { ...trust, chainId: "another" } }, "proof/WrongChain"],
      ["a clock that is slow", present, { nowMs: 0 }, "proof/TimeInFuture"],
    ];
    it("about single cases", () => {
      const asked = cases.map(([what, proof, changes]) => ({ what, text: fileOf(proof), trust, nowMs, ...changes }));
      const said = verdictsOn(asked).map((verdict, index) => [asked[index]!.what, verdict]);
      expect(said).toEqual(cases.map(([what, , , expected]) => [what, expected]));
    });

    it("about altered copies", () => expectOnlyItself({ text: fileOf(twoMissing), trust, nowMs }, [HARMLESS]));
  });

  it("about altered copies of a refused transaction", async () => {
    const { refused, context } = await provenChain();
    const { trust, nowMs } = context;
    expectOnlyItself({ trust, nowMs, text: fileOf(refused) }, [HARMLESS]);
  });

  const mocha = [3000, 3100].map((height) => {
    const folder = `cometbft/celestia-mocha-4/${height}`;
    const signed = outsideData<{ readonly result: { readonly signed_header: unknown } }>(`${folder}/commit.json`);
    const set = outsideData<{ readonly result: { readonly validators: unknown } }>(`${folder}/validators_1.json`);
    return signed && set && finalHeaderFromJson(signed.result.signed_header, set.result.validators, nativeCrypto);
  });
  it.skipIf(mocha.includes(undefined))("about real blocks of celestia mocha-4", () => {
    for (const final of mocha.map((known) => known!)) {
      const { header, commit: votes } = final;
      const trust = { chainId: header.chainId, validatorsHash: bytesToHex(header.validatorsHash) };
      // Its state is none of ours, so that a path that leads nowhere is all that is wrong.
      const proof = { kind: "state", key: "none", height: header.height - 1, value: undefined, path: new Uint8Array(3), final } as const;
      const text = fileOf(proof);
      const { signature } = votes.signatures.findLast(({ blockIdFlag }) => blockIdFlag === commit)!;
      const forged = text.replace(Buffer.from(signature).toString("base64"), Buffer.from(signature.toReversed()).toString("base64"));
      const asked = [text, forged].map((one) => ({ text: one, trust, nowMs: Date.now() }));
      expect(verdictsOn(asked)).toEqual(["proof/StateNotProven", "proof/CommitInvalid"]);
    }
  });
});
