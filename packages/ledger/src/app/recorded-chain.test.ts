import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { hexToBytes } from "../crypto/hex.ts";
import { portableCrypto } from "../crypto/portable.ts";
import { ledgerVersions } from "../modules/index.ts";
import { createMemoryStore } from "../store/memory.ts";
import { withPoisonedGlobals } from "../testing/poison-globals.ts";
import { type RecordedChain, recordChain } from "../testing/recorded-chain.ts";
import { noFacts } from "./block-facts.ts";
import { openLedger } from "./ledger.ts";

const file = join(import.meta.dirname, "../../../../vectors/chain.json");
const recorded = JSON.parse(readFileSync(file, "utf8")) as RecordedChain;

/** A changed app hash is a change of consensus. If it is meant: a new ledger version, a decision record, then scripts/record-chain.ts. */
describe("the recorded chain", () => {
  it("is what the same story gives today, byte for byte", async () => {
    expect(await recordChain()).toEqual(recorded);
  });

  it("holds refusals, releases and an idle block, or it would prove little", () => {
    const codes = recorded.blocks.flatMap(({ results }) => results.map(({ code }) => code));
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
    const replayed = JSON.parse(execFileSync(process.execPath, [script, file], { env: environment, encoding: "utf8" }));
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
