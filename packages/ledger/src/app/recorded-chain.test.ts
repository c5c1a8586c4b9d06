import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { hexToBytes } from "../crypto/hex.ts";
import { portableCrypto } from "../crypto/portable.ts";
import { ledgerVersions } from "../modules/index.ts";
import { createMemoryStore } from "../store/memory.ts";
import { withPoisonedGlobals } from "../testing/poison-globals.ts";
import { type RecordedChain, recordChain, recordedVersions } from "../testing/recorded-chain.ts";
import { noFacts } from "./block-facts.ts";
import { openLedger } from "./ledger.ts";

const folder = join(import.meta.dirname, "../../../../vectors");
const read = (file: string) => JSON.parse(readFileSync(join(folder, file), "utf8")) as RecordedChain;
const codesOf = ({ blocks }: RecordedChain) => blocks.flatMap(({ results }) => results.map(({ code }) => code));

/** A changed app hash is a change of consensus. If it is meant: a new ledger version, a decision record, then scripts/record-chain.ts. */
describe.each([...recordedVersions])("the recorded %s", (file, versions) => {
  const recorded = read(file);

  it("is what the same story gives today, byte for byte", async () => {
    expect(await recordChain(versions)).toEqual(recorded);
  });

  it("holds refusals, releases and an idle block, or it would prove little", () => {
    const codes = codesOf(recorded);
    expect(codes.filter((code) => code !== 0).length).toBeGreaterThan(0);
    expect(codes.length).toBeGreaterThan(15);
    expect(recorded.blocks.at(-1)!.txs).toEqual([]);
  });

  it.each([
    ["Pacific/Chatham", "tr_TR.UTF-8"],
    ["America/St_Johns", "ar_EG.UTF-8"],
  ])("comes out the same in another process, in %s and %s", (timeZone, locale) => {
    const script = join(import.meta.dirname, "../testing/replay-recorded.ts");
    const environment = { ...process.env, TZ: timeZone, LC_ALL: locale, LANG: locale };
    const replayed = JSON.parse(execFileSync(process.execPath, [script, join(folder, file)], { env: environment, encoding: "utf8" }));
    expect(replayed).toEqual(recorded.blocks);
  });

  it("needs no clock, chance or locale to execute", async () => {
    const ledger = await openLedger({
      kv: createMemoryStore(),
      crypto: portableCrypto,
      versions: ledgerVersions,
      genesis: recorded.genesis,
    });
    for (const { height, time, txs } of recorded.blocks) {
      const block = { ...noFacts, height, time, txs: txs.map((tx) => hexToBytes(tx)!) };
      withPoisonedGlobals(() => ledger.finalizeBlock(block));
      await ledger.commit();
    }
    expect(Buffer.from(ledger.appHash).toString("hex")).toBe(recorded.blocks.at(-1)!.appHash);
  });
});

it("the recorded chains tell each version of the rules from the one before, and are all that is recorded", () => {
  const files = [...recordedVersions.keys()];
  expect(readdirSync(folder).filter((name) => name.endsWith(".json"))).toEqual(files.toSorted());
  const codes = files.map((file) => JSON.stringify(codesOf(read(file))));
  expect(new Set(codes).size).toBe(files.length);
});
