import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { forgetChain } from "./forget-chain.ts";
import { type CometHome, cometHome, makeCometHome } from "./home.ts";

let home: CometHome;
beforeEach(async () => {
  home = cometHome(await mkdtemp(join(tmpdir(), "galen-home-")));
  await makeCometHome(home);
});
afterEach(() => rm(home.root, { recursive: true }));

it("CometBFT's chain is forgotten, and neither the record of the last vote nor what else lies there", async () => {
  const data = join(home.root, "data");
  const kept = ["priv_validator_state.json", "priv_validator_state.json.bak"];
  for (const name of kept) await writeFile(join(data, name), '{"height":"7","round":0,"step":3}');
  await writeFile(home.genesis, "{}");
  for (const name of ["blockstore.db", "cs.wal", "evidence.db", "state.db"]) {
    await mkdir(join(data, name));
    await writeFile(join(data, name, "000001.log"), "1");
  }
  await forgetChain(home);
  expect((await readdir(data)).sort()).toEqual(kept);
  expect(await readFile(home.validatorState, "utf8")).toContain('"7"');
  expect(await readdir(join(home.root, "config"))).toEqual(["genesis.json"]);
});
