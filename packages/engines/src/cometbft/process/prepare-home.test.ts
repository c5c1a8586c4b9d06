import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { portableCrypto } from "@galen/ledger/crypto/portable";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { testGenesis } from "../../embedded/testing/test-engine.ts";
import { testSettings } from "../testing/test-settings.ts";
import { freshValidatorStateJson } from "./documents.ts";
import { type CometHome, cometHome } from "./home.ts";
import { prepareHome } from "./prepare-home.ts";

let home: CometHome;
beforeEach(async () => {
  home = cometHome(await mkdtemp(join(tmpdir(), "galen-home-")));
});
afterEach(() => rm(home.root, { recursive: true }));

const key = { secret: new Uint8Array(32).fill(1), publicKey: new Uint8Array(32).fill(2) };
const prepare = () =>
  prepareHome({ home, genesis: testGenesis, settings: testSettings, validatorKey: key, nodeKey: key, crypto: portableCrypto });

describe("the record of the last vote", () => {
  it("is made for a key that never voted", async () => {
    await prepare();
    expect(await readFile(home.validatorState, "utf8")).toBe(freshValidatorStateJson());
    expect(await readdir(join(home.root, "data"))).toEqual(["priv_validator_state.json"]);
  });

  it("stays as it is", async () => {
    await prepare();
    await writeFile(home.validatorState, '{"height":"7","round":0,"step":3}');
    await prepare();
    expect(await readFile(home.validatorState, "utf8")).toContain('"7"');
  });

  it("is not there before all of it is: an empty one would be a damaged one", async () => {
    await mkdir(`${home.validatorState}.part`, { recursive: true }); // as good as a full disk
    await expect(prepare()).rejects.toThrow("EISDIR");
    expect(await readdir(join(home.root, "data"))).toEqual(["priv_validator_state.json.part"]);
  });

  it("is not made anew beside blocks that the key has voted on", async () => {
    await mkdir(home.blocks, { recursive: true });
    await expect(prepare()).rejects.toThrow(/priv_validator_state.json is missing beside blocks.*could vote twice/);
    expect(await readdir(join(home.root, "data"))).toEqual(["blockstore.db"]);
  });
});
