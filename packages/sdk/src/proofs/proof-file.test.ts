import { createSigners } from "@galen/ledger/block/testing/signed-chain";
import { bytesToHex } from "@galen/ledger/crypto/hex";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { GalenError } from "../client/galen-error.ts";
import type { Proof } from "./proof.ts";
import { createProofFile, verifyProofFile, verifyProofs } from "./proof-file.ts";
import { finalHeader, provenChain } from "./testing/proven-chain.ts";

const chain = await provenChain();
const { context, present, absent, executed, refused } = chain;
const proofs: readonly Proof[] = [present, absent, executed, refused];
const text = createProofFile(proofs, context.crypto);

/** The id of the refusal; "ok" if there is none. */
function outcome(check: () => unknown): string {
  try {
    check();
    return "ok";
  } catch (error) {
    if (error instanceof GalenError) return error.id;
    throw error;
  }
}

describe("a proof file", () => {
  it("says in words what was checked, and shows the proven records", () => {
    const { chainId, checks, facts } = verifyProofFile({ ...context, text });
    expect(chainId).toBe("test");
    expect(checks).toContain("header 5 of test is signed by 1 of 1 trusted validators");
    expect(checks).toContain(`key ${absent.key} is absent under app hash ${bytesToHex(absent.final.header.appHash)}`);
    expect(checks).toContain(`transaction ${executed.txHash} is in block 4`);
    expect(checks).toContain("it was executed with 1 event");
    expect(checks).toContain(`it was refused with code ${refused.result.code}`);
    const { owner, delegate, ...record } = chain.delegation;
    expect(facts).toEqual([
      { name: "accounts/delegations", value: record },
      { name: "accounts.delegated", value: { owner, delegate, ...record } },
    ]);
  });

  it("says nothing about a transaction's place in the block, which no path proves", () => {
    const said = (proof: Proof) => verifyProofs([proof], context).checks;
    // The last of two and the last of three stand at the end of paths of one step, to the right.
    expect(said({ ...executed, index: 2, total: 3 })).toEqual(said(executed));
    expect(said(executed).join()).not.toMatch(/number|of 2/);
  });

  it("holds with several validators, and counts those who signed", async () => {
    const many = await provenChain({ a: 10n, b: 10n, c: 10n, d: 1n });
    const { checks } = verifyProofs([many.present], many.context);
    expect(checks[0]).toBe("header 5 of test is signed by 4 of 4 trusted validators");
  });

  const other = finalHeader(5, createSigners({ stranger: 10n }), { appHash: present.final.header.appHash });
  const [signature] = present.final.commit.signatures;
  const forged = { ...signature!, signature: executed.final.commit.signatures[0]!.signature };
  const unsigned = { ...present.final, commit: { ...present.final.commit, signatures: [forged] } };
  const cases: readonly (readonly [string, Proof | undefined, Partial<typeof context>, string])[] = [
    ["nothing", undefined, {}, "ok"],
    ["the chain that is trusted", present, { trust: { ...context.trust, chainId: "another" } }, "proof/WrongChain"],
    [
      "the validators that are trusted",
      present,
      { trust: { ...context.trust, validatorsHash: "00".repeat(32) } },
      "proof/ValidatorsNotTrusted",
    ],
    ["the signers", { ...present, final: other }, {}, "proof/ValidatorsNotTrusted"],
    [
      "the validator set beside the header",
      { ...present, final: { ...present.final, validators: other.validators } },
      {},
      "proof/ValidatorsNotTrusted",
    ],
    ["the clock", present, { nowMs: 0 }, "proof/TimeInFuture"],
    ["the signature", { ...present, final: unsigned }, {}, "proof/CommitInvalid"],
    ["the signature, so that the clock looks wrong", { ...present, final: unsigned }, { nowMs: 0 }, "proof/CommitInvalid"],
    [
      "the commit of another header",
      { ...present, final: { ...present.final, commit: executed.final.commit } },
      {},
      "proof/HeaderNotSigned",
    ],
    ["the height", { ...present, height: 3 }, {}, "proof/WrongHeight"],
    ["the key", { ...present, key: absent.key }, {}, "proof/StateNotProven"],
    ["the value", { ...present, value: present.value!.with(0, 0) }, {}, "proof/StateNotProven"],
    ["presence to absence", { ...present, value: undefined }, {}, "proof/StateNotProven"],
    ["absence to presence", { ...absent, value: present.value }, {}, "proof/StateNotProven"],
    ["the path", { ...present, path: absent.path }, {}, "proof/StateNotProven"],
    ["the path to nothing", { ...present, path: new Uint8Array() }, {}, "proof/StateNotProven"],
    ["the transaction's name", { ...executed, txHash: refused.txHash }, {}, "proof/TransactionNotInBlock"],
    ["the transaction's bytes", { ...executed, bytes: refused.bytes, txHash: refused.txHash }, {}, "proof/TransactionNotInBlock"],
    ["the transaction's place", { ...executed, index: 0 }, {}, "proof/TransactionNotInBlock"],
    ["the transaction's block", { ...executed, height: 3 }, {}, "proof/WrongHeight"],
    ["the header before", { ...executed, final: finalHeader(4, chain.signers) }, {}, "proof/HeaderNotLinked"],
    ["a refusal to a success", { ...refused, result: executed.result, events: executed.events }, {}, "proof/ResultNotInBlock"],
    ["the path of the result", { ...executed, resultInclusion: executed.inclusion }, {}, "proof/ResultNotInBlock"],
    ["an event left out", { ...executed, events: [] }, {}, "proof/EventsNotInResult"],
    ["an event added", { ...executed, events: [...executed.events, executed.events[0]!] }, {}, "proof/EventsNotInResult"],
    ["an event of a refused transaction", { ...refused, events: executed.events }, {}, "proof/EventsNotInResult"],
  ];
  it.each(cases)("with %s changed", (_, changed, surroundings, expected) => {
    const altered = changed ? createProofFile([changed], context.crypto) : text;
    expect(outcome(() => verifyProofFile({ ...context, ...surroundings, text: altered }))).toBe(expected);
  });
});

/** Every leaf of a JSON value with the way to it. */
function leavesOf(json: unknown, path: readonly string[] = []): [path: readonly string[], leaf: unknown][] {
  if (typeof json !== "object" || json === null) return [[path, json]];
  return Object.entries(json).flatMap(([key, value]) => leavesOf(value, [...path, key]));
}

function replaced(json: unknown, [step, ...rest]: readonly string[], leaf: unknown): unknown {
  if (step === undefined) return leaf;
  const inner = replaced((json as Record<string, unknown>)[step], rest, leaf);
  return Array.isArray(json) ? json.with(Number(step), inner) : { ...(json as object), [step]: inner };
}

describe("a proof file that was tampered with", () => {
  const json = JSON.parse(text) as unknown;
  const leaves = leavesOf(json);
  const check = (changed: unknown) => outcome(() => verifyProofFile({ ...context, text: JSON.stringify(changed) }));

  it("is refused whichever field is altered, removed or retyped", () => {
    for (const [path, leaf] of leaves) {
      const altered = typeof leaf === "number" ? leaf + 1 : leaf === null ? "00" : `${leaf as string}0`;
      for (const change of [altered, "", null, 7, [], {}].filter((value) => value !== leaf)) {
        expect(check(replaced(json, path, change)), `${path.join("/")} = ${JSON.stringify(change)}`).toMatch(/^proof\//);
      }
    }
  });

  it.each([
    ["state", present],
    ["transaction", executed],
  ])("is refused whichever hexadecimal digit of a %s proof is altered", (_, proof) => {
    const file = JSON.parse(createProofFile([proof], context.crypto)) as unknown;
    const isHex = (leaf: unknown): leaf is string => typeof leaf === "string" && /^[0-9a-fA-F]{20,}$/.test(leaf);
    let tried = 0;
    for (const [path, leaf] of leavesOf(file)) {
      for (let at = 0; isHex(leaf) && at < leaf.length; at++) {
        const digit = leaf[at] === "0" ? "1" : "0";
        expect(check(replaced(file, path, leaf.slice(0, at) + digit + leaf.slice(at + 1))), `${path.join("/")}[${at}]`).toMatch(/^proof\//);
        tried += 1;
      }
    }
    expect(tried).toBeGreaterThan(1_000);
  });

  it("is refused for every bit of value and path", () => {
    for (const field of ["value", "path"] as const) {
      const bytes = present[field]!;
      for (let bit = 0; bit < 8 * bytes.length; bit++) {
        const changed = bytes.with(bit >> 3, bytes[bit >> 3]! ^ (1 << (bit & 7)));
        expect(
          outcome(() => verifyProofs([{ ...present, [field]: changed }], context)),
          `${field} bit ${bit}`,
        ).toBe("proof/StateNotProven");
      }
    }
  });

  it("is refused with a field added anywhere, and read with fields in another order", () => {
    const objects = [...new Set(leaves.flatMap(([path]) => path.map((_, depth) => path.slice(0, depth).join("/"))))];
    for (const place of objects.filter((name) => name !== "proofs")) {
      const path = place === "" ? [] : place.split("/");
      const at = path.reduce<unknown>((inner, step) => (inner as Record<string, unknown>)[step], json);
      const grown = Array.isArray(at) ? [...(at as unknown[]), at[0]] : { ...(at as object), stray: 1 };
      expect(check(replaced(json, path, grown)), place).toMatch(/^proof\//);
    }
    const file = json as { proofs: object[] };
    expect(check({ ...file, proofs: file.proofs.map((proof) => Object.fromEntries(Object.entries(proof).toReversed())) })).toBe("ok");
  });

  const [height] = /"height": \d+/.exec(text)!;
  it.each([
    ["a field given twice", text.replace(height, `"height": 7, ${height}`)],
    ["a field given twice alike", text.replace(height, `${height}, ${height}`)],
    ["a number with a fraction of zero", text.replace(height, `${height}.0`)],
    ["a number with an exponent", text.replace(height, `${height}e0`)],
    ["a letter of a name escaped", text.replace('"height"', String.raw`"\u0068eight"`)],
    ["a letter of a value escaped", text.replace('"galen-proof"', String.raw`"g\u0061len-proof"`)],
  ])("is refused with %s, which others may read as something else", (_, given) => {
    expect(outcome(() => verifyProofFile({ ...context, text: given }))).toBe("proof/Malformed");
  });

  it("is not made of nothing, nor of more than one may hold", () => {
    expect(() => createProofFile([], context.crypto)).toThrow(RangeError);
    const most = Array.from({ length: 16 }, () => present);
    expect(outcome(() => verifyProofFile({ ...context, text: createProofFile(most, context.crypto) }))).toBe("ok");
    expect(() => createProofFile([...most, present], context.crypto)).toThrow(RangeError);
  });

  it.each([
    ["nothing", "", "proof/Malformed"],
    ["half a file", text.slice(0, text.length / 2), "proof/Malformed"],
    ["another format, whatever its version", `{"format":"other","version":2,"proofs":[]}`, "proof/Malformed"],
    ["a later version", `{"format":"galen-proof","version":2,"proofs":[]}`, "proof/VersionUnknown"],
    ["no proofs", `{"format":"galen-proof","version":1,"proofs":[]}`, "proof/Malformed"],
    [
      "too many proofs",
      `{"format":"galen-proof","version":1,"proofs":[${Array.from({ length: 17 }, () => "{}").join()}]}`,
      "proof/Malformed",
    ],
    ["endless text, though it would hold", text + " ".repeat(4_194_304), "proof/Malformed"],
    ["endless depth", "[".repeat(100_000), "proof/Malformed"],
  ])("is refused as %s", (_, given, expected) => {
    expect(outcome(() => verifyProofFile({ ...context, text: given }))).toBe(expected);
  });

  it("never fails but by a named refusal, whatever JSON stands in it", () => {
    fc.assert(
      fc.property(fc.json(), fc.constantFrom(...leaves), (value, [path]) => {
        expect(check(value)).toBe("proof/Malformed");
        expect(check(replaced(json, path, JSON.parse(value)))).toMatch(/^(proof\/|ok)/);
      }),
      { numRuns: 300 },
    );
  });
});
