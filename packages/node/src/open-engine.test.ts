import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { baseWrite } from "@galen/engines/cometbft/chain-start";
import { bytesToHex } from "@galen/ledger/crypto/hex";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { openDataFolder } from "./data-folder.ts";
import { ed25519Key } from "./keys/ed25519-key.ts";
import { openSecretFile } from "./keys/secret-file.ts";
import { createLogger } from "./logger.ts";
import { type EngineParts, openStoredLedger } from "./open-engine.ts";
import type { Config } from "./settings.ts";
import { createSharedChain } from "./testing/shared-chain.ts";
import { startTestNetwork } from "./testing/test-network.ts";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "galen-two-engines-"));
});
afterAll(() => rm(folder, { recursive: true }));

describe("a validator's key", () => {
  it("that has voted in the embedded engine is not taken to CometBFT", async () => {
    const dataFolder = join(folder, "embedded");
    const network = await startTestNetwork({ dataFolder });
    await network.person("somebody");
    await network.close();
    await expect(startTestNetwork({ dataFolder, engine: "cometbft", cometbftBinary: "none" })).rejects.toThrow(
      /has voted in the embedded engine up to block [0-9]+/,
    );
  });

  it("that has voted in CometBFT is not taken to the embedded engine", async () => {
    const dataFolder = join(folder, "cometbft");
    await mkdir(join(dataFolder, "cometbft", "data"), { recursive: true });
    const state = join(dataFolder, "cometbft", "data", "priv_validator_state.json");
    await writeFile(state, '{\n  "height": "7",\n  "round": 0,\n  "step": 3\n}');
    await expect(startTestNetwork({ dataFolder })).rejects.toThrow("has voted in CometBFT");
    await writeFile(state, "{}");
    await expect(startTestNetwork({ dataFolder })).rejects.toThrow(/priv_validator_state.json is damaged/);
  });

  it("that is gone is told at the start of a chain of one machine, with what to do", async () => {
    const dataFolder = join(folder, "key-gone");
    await (await startTestNetwork({ dataFolder })).close();
    await rm(join(dataFolder, "keys", "validator.json"));
    await expect(startTestNetwork({ dataFolder })).rejects.toMatchObject({ kind: { id: "engine/NotValidator" } });
  });

  it("that no organisation has entered is told at the start of a node of several, which follows all the same", async () => {
    const dataFolder = join(folder, "key-exchanged");
    const { validatorKey } = await openDataFolder(dataFolder);
    const { openOrderedLedger } = createSharedChain([ed25519Key(await openSecretFile(validatorKey))]);
    const logger = createLogger("silent");
    const told = vi.spyOn(logger, "warn");
    const network = await startTestNetwork({ dataFolder, custodian: "off" }, { openOrderedLedger, logger });
    expect(told.mock.calls).toEqual([]);
    await rm(validatorKey);
    await network.restart();
    const key = bytesToHex(ed25519Key(await openSecretFile(validatorKey)).publicKey);
    expect(told.mock.calls).toEqual([[{ key }, expect.stringMatching(/does not vote; .*galen node register or replace/)]]);
    await network.person("somebody");
    await network.close();
  });
});

describe("CometBFT", () => {
  it("that is not there is named with its path", async () => {
    const dataFolder = join(folder, "missing");
    const starting = startTestNetwork({ dataFolder, engine: "cometbft", cometbftBinary: join(folder, "no-such-program") });
    await expect(starting).rejects.toThrow(/could not be started from .*no-such-program \(ENOENT\)/);
  });

  it("has a home with a path that a socket can have", async () => {
    const dataFolder = join(folder, "a-rather-long-name-".repeat(6));
    await expect(startTestNetwork({ dataFolder, engine: "cometbft" })).rejects.toThrow("too long a path for a socket");
  });

  const stateSync = { stateSyncServers: "http://127.0.0.1:1", stateSyncTrustHeight: 2, stateSyncTrustHash: "ab".repeat(32) };
  it.each<[string, Partial<Config>]>([
    ["executes all blocks", {}],
    ["begins from a snapshot", stateSync],
  ])("whose own reason to end is told when the node %s", async (name, settings) => {
    const dataFolder = join(folder, name.split(" ")[0]!);
    const starting = startTestNetwork({ dataFolder, engine: "cometbft", cometbftBinary: "/bin/false", ...settings });
    await expect(starting).rejects.toThrow("CometBFT ended by itself (exit code 1)");
  });

  it("is let look for a snapshot again when the node ended before the first block after one, and keeps its last vote only", async () => {
    const dataFolder = join(folder, "cut-off");
    // A state as it is when it has come in a snapshot.
    const openOrderedLedger = async (parts: EngineParts) => {
      const ledger = await openStoredLedger(parts);
      ledger.finalizeBlock({ height: 1, time: Date.now(), txs: [], hash: "ab".repeat(32), votes: [], misbehavior: [] });
      await ledger.commit([baseWrite(1, ledger.read().state)]);
      throw new Error("killed");
    };
    await expect(startTestNetwork({ dataFolder }, { openOrderedLedger })).rejects.toThrow("killed");
    const data = join(dataFolder, "cometbft", "data");
    const vote = '{\n  "height": "7",\n  "round": 0,\n  "step": 3\n}';
    await mkdir(join(data, "blockstore.db"), { recursive: true });
    await writeFile(join(data, "priv_validator_state.json"), vote);

    const starting = startTestNetwork({ dataFolder, engine: "cometbft", cometbftBinary: "/bin/false", ...stateSync });
    await expect(starting).rejects.toThrow("CometBFT ended by itself");
    expect(await readFile(join(dataFolder, "cometbft", "config", "config.toml"), "utf8")).toMatch(/\[statesync\]\n+enable = true/);
    expect(await readdir(data)).toEqual(["priv_validator_state.json"]);
    expect(await readFile(join(data, "priv_validator_state.json"), "utf8")).toBe(vote);
  });
});
