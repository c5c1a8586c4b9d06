import { basename } from "node:path";
import { Header, headerHash } from "@galen/ledger/block/header";
import { createSigners, signHeader } from "@galen/ledger/block/testing/signed-chain";
import { parseTimestamp, toMilliseconds } from "@galen/ledger/block/timestamp";
import { validatorsHash } from "@galen/ledger/block/validator";
import { portableCrypto } from "@galen/ledger/crypto/portable";
import { outsideData, outsideFiles } from "@galen/ledger/testing/outside-data";
import { describe, expect, it } from "vitest";
import { createLightClient } from "./client.ts";
import { type LightBlock, lightBlockFromJson, lightBlockToJson, signedHeaderFromJson, validatorsFromJson } from "./light-block.ts";
import { mutants } from "./testing/mutants.ts";
import { createNode } from "./testing/test-chain.ts";
import { type InvalidReason, lightBlockFault, type Verdict, verify } from "./verify.ts";

const { sha256 } = portableCrypto;
const trustLevel = { numerator: 1, denominator: 3 };
const toMs = (time: string) => toMilliseconds(parseTimestamp(time));
const nanosToMs = (nanos: string) => Number(BigInt(nanos) / 1_000_000n);

interface SingleStep {
  initial: { signed_header: { header: unknown }; next_validator_set: { validators: unknown }; trusting_period: string };
  input: { block: unknown; now: string; verdict: "SUCCESS" | "NOT_ENOUGH_TRUST" | "INVALID" }[];
}

/** What each file is about: the reason of its INVALID step. A new file is checked for the verdict alone. */
const invalidReasons: Readonly<Record<string, InvalidReason>> = {
  MC4_4_faulty_Test2NotEnoughTrustFailure: "commit-size",
  MC4_4_faulty_Test3NotEnoughTrustFailure: "trusted-header-expired",
  MC4_4_faulty_TestFailure: "trusted-header-expired",
  MC4_4_faulty_TestHeaderFromFuture: "time-in-future",
  MC4_4_faulty_TestHeaderNotWithinTrustingPeriod: "trusted-header-expired",
  MC4_4_faulty_TestLessThanTwoThirdsSign: "commit-power",
  MC4_4_faulty_TestNonMonotonicHeight: "height-not-increasing",
};

const verdictName = (verdict: Verdict) => (verdict === "ok" ? "SUCCESS" : verdict === "not-enough-trust" ? "NOT_ENOUGH_TRUST" : "INVALID");

const singleSteps = outsideFiles("cometbft/light-client/single-step");
describe.skipIf(singleSteps.length === 0)(`model-based single steps (${singleSteps.length} files)`, () => {
  it.each(singleSteps)("%s", (path) => {
    const { initial, input } = outsideData<SingleStep>(path)!;
    let trusted: Pick<LightBlock, "header" | "nextValidators"> = {
      header: signedHeaderFromJson(initial.signed_header).header,
      nextValidators: validatorsFromJson(initial.next_validator_set.validators, sha256),
    };
    for (const { block, now, verdict } of input) {
      const untrusted = lightBlockFromJson(block, sha256);
      const policy = { trustingPeriodMs: nanosToMs(initial.trusting_period), maxClockDriftMs: 0, trustLevel };
      const given = verify({ trusted, untrusted, nowMs: toMs(now), ...policy }, portableCrypto);
      expect(verdictName(given)).toBe(verdict);
      if (typeof given === "object") expect(given.invalid).toBe(invalidReasons[basename(path, ".json")] ?? given.invalid);
      if (verdict === "SUCCESS") trusted = untrusted;
    }
  });
});

interface LiteBlock {
  signed_header: { header: unknown; commit: { signatures: { block_id_flag: number }[] } };
  validator_set: { validators: { address: string; voting_power: string }[] };
  next_validator_set: LiteBlock["validator_set"];
}

interface Bisection {
  trust_options: { period: string; height: string; trust_level: { numerator: string; denominator: string } };
  primary: { lite_blocks: LiteBlock[] };
  witnesses: { value: { lite_blocks: LiteBlock[] } }[];
  height_to_verify: string;
  now: string;
  expected_output: "error" | "no error";
}

/**
 * These files were made before Tendermint 0.34, when keys, headers and votes were encoded with Amino, so no hash or signature in them holds
 * under today's encodings. Their scenario is what counts: headers, sets, powers, who signed, times, expected output. It is signed anew here, each
 * address standing for a key of ours.
 */
function signAnew({ signed_header, validator_set, next_validator_set }: LiteBlock): LightBlock {
  const signersOf = (set: LiteBlock["validator_set"]) =>
    createSigners(Object.fromEntries(set.validators.map(({ address, voting_power }) => [address, BigInt(voting_power)])));
  const [signers, nextSigners] = [signersOf(validator_set), signersOf(next_validator_set)];
  const flags = new Map(
    validator_set.validators.map(({ address, voting_power }, index) => {
      const [signer] = createSigners({ [address]: BigInt(voting_power) });
      return [signer!.publicKey.toString(), signed_header.commit.signatures[index]!.block_id_flag];
    }),
  );
  const header: Header = {
    ...Header.fromJson(signed_header.header),
    validatorsHash: validatorsHash(signers, sha256),
    nextValidatorsHash: validatorsHash(nextSigners, sha256),
  };
  const signed = signHeader(
    header,
    signers,
    signers.map(({ publicKey }) => flags.get(publicKey.toString())!),
  );
  return { ...signed, validators: signers, nextValidators: nextSigners };
}

/** What each file is about: the outcome that this client gives. A new file is checked for error or none. */
const outcomes: Readonly<Record<string, string>> = {
  "_happy_path.json": "ok",
  "conflicting_headers.json": "conflicting-headers",
  "not_enough_commits.json": "commit-power",
};

const bisections = outsideFiles("cometbft/light-client/bisection");
describe.skipIf(bisections.length === 0)(`bisections (${bisections.length} files)`, () => {
  it.each(bisections)("%s", async (path) => {
    const vector = outsideData<Bisection>(path)!;
    const { period, height, trust_level } = vector.trust_options;
    const primary = vector.primary.lite_blocks.map(signAnew);
    const trusted = primary.find(({ header }) => header.height === Number(height))!;
    const client = createLightClient({
      chainId: trusted.header.chainId,
      trust: { height: Number(height), hash: headerHash(trusted.header, sha256) },
      trustingPeriodMs: nanosToMs(period),
      trustLevel: { numerator: Number(trust_level.numerator), denominator: Number(trust_level.denominator) },
      provider: createNode(primary),
      witnesses: vector.witnesses.map(({ value }) => createNode(value.lite_blocks.map(signAnew))),
      crypto: portableCrypto,
      now: () => toMs(vector.now),
    });
    const outcome = await client.verifyToHeight(Number(vector.height_to_verify));
    expect(outcome.verdict === "ok" ? "no error" : "error").toBe(vector.expected_output);
    const result = outcome.verdict === "refused" ? outcome.reason : outcome.verdict;
    expect(result).toBe(outcomes[basename(path)] ?? result);
  });
});

const mocha = [3000, 3001, 3100].map((height): LightBlock | undefined => {
  const commit = outsideData<{ result: { signed_header: unknown } }>(`cometbft/celestia-mocha-4/${height}/commit.json`);
  const set = outsideData<{ result: { validators: unknown } }>(`cometbft/celestia-mocha-4/${height}/validators_1.json`);
  if (!commit || !set) return undefined;
  const validators = validatorsFromJson(set.result.validators, sha256);
  return { ...signedHeaderFromJson(commit.result.signed_header), validators, nextValidators: validators };
});

describe.skipIf(mocha.includes(undefined))("real blocks of celestia mocha-4", () => {
  const [block3000, block3001, block3100] = mocha as [LightBlock, LightBlock, LightBlock]; // the suite is skipped where one is absent
  const day = 86_400_000;
  const policy = { trustingPeriodMs: 14 * day, maxClockDriftMs: 10_000, trustLevel };
  const nowMs = (header: Header) => toMilliseconds(header.time) + 60_000;
  it.each([
    ["3000 to the next", block3000, block3001, "ok"],
    ["3001 over 99 blocks", block3001, block3100, "ok"],
    ["3000 over 100 blocks", block3000, block3100, "ok"],
    ["backwards", block3100, block3000, { invalid: "height-not-increasing" }],
  ] as [string, LightBlock, LightBlock, Verdict][])("%s", (_, trusted, untrusted, verdict) => {
    expect(verify({ trusted, untrusted, nowMs: nowMs(block3100.header), ...policy }, portableCrypto)).toEqual(verdict);
  });

  it("are refused after any change", () => {
    const trusted = block3000;
    const accepts = (untrusted: LightBlock) =>
      verify({ trusted, untrusted, nowMs: nowMs(block3100.header), ...policy }, portableCrypto) === "ok";
    expect(mutants(block3100).filter(({ value }) => accepts(value))).toEqual([]);
  });

  it("are whole by themselves, also after a trip through JSON", () => {
    for (const block of [block3000, block3001, block3100]) {
      const again = lightBlockFromJson(JSON.parse(JSON.stringify(lightBlockToJson(block, sha256))), sha256);
      expect(again).toEqual(block);
      expect(lightBlockFault(again, portableCrypto)).toBeUndefined();
    }
  });

  it("are verified by the client, forwards from 3000 and backwards from 3001", async () => {
    const from = (trusted: LightBlock) =>
      createLightClient({
        chainId: "mocha-4",
        trust: { height: trusted.header.height, hash: headerHash(trusted.header, sha256) },
        trustingPeriodMs: policy.trustingPeriodMs,
        provider: createNode([block3000, block3001, block3100]),
        crypto: portableCrypto,
        now: () => nowMs(block3100.header),
      });
    const steps = async (trusted: LightBlock, height: number) => {
      const outcome = await from(trusted).verifyToHeight(height);
      return outcome.verdict === "ok" ? outcome.steps.map((step) => `${step.height} ${step.by}`) : outcome;
    };
    expect(await steps(block3000, 3100)).toEqual(["3000 kept", "3100 signed"]);
    expect(await steps(block3001, 3000)).toEqual(["3001 kept", "3000 linked"]);
  });
});
