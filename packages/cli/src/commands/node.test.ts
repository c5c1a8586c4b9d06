import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it, vi } from "vitest";
import { formatFounding, foundingOf } from "../network/founding.ts";
import { createProgram } from "../program.ts";

let folder: string;
const place = (name: string) => join(folder, name);

/** Runs a verb of `galen node` and gives what it printed. */
async function galenNode(...words: readonly string[]): Promise<string> {
  const told = vi.spyOn(process.stdout, "write").mockReturnValue(true);
  await (await createProgram(["node"])).parseAsync(["node", ...words], { from: "user" });
  const text = told.mock.calls.map(([chunk]) => String(chunk)).join("");
  told.mockRestore();
  return text;
}

async function makeCard(number: number) {
  const addresses = ["--http", `http://127.0.0.1:${8_080 + number}/`, "--p2p", `127.0.0.1:${26_656 + number}`];
  await galenNode("init", "--organisation", `House ${number}`, "--data", place(`founder-${number}`), ...addresses);
  return JSON.parse(await readFile(join(place(`founder-${number}`), "node-card.json"), "utf8"));
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "galen-node-"));
  vi.stubEnv("GALEN_PASSPHRASE", "between us");
  vi.stubEnv("GALEN_COMETBFT_BINARY", "cometbft");
  const cards = [await makeCard(0), await makeCard(1)];
  await writeFile(place("founding.json"), formatFounding(foundingOf("clinics", cards)));
});
afterAll(async () => {
  vi.unstubAllEnvs();
  await rm(folder, { recursive: true });
});

it("an address with a slash at its end is the same one: on a founder's card, and for the node that takes its place", async () => {
  await galenNode(
    "join",
    place("founding.json"),
    "--data",
    place("joined"),
    "--http",
    "http://127.0.0.1:8081/",
    "--p2p",
    "127.0.0.1:26700",
  );
  const { peers, publicUrl } = JSON.parse(await readFile(join(place("joined"), "galen.config.json"), "utf8"));
  expect({ peers, publicUrl }).toEqual({ peers: ["http://127.0.0.1:8080"], publicUrl: "http://127.0.0.1:8081" });
});

it("adopting looks for the node before its wallet, and makes nothing where there is none", async () => {
  const told = await galenNode("adopt", place("founding.json"), "--data", place("mistyped"), "--json");
  expect(JSON.parse(told)).toMatchObject({ error: { id: "cli/NoNode", details: { folder: place("mistyped") } } });
  expect(await readdir(folder)).not.toContain("mistyped");
  process.exitCode = undefined;
});

it("a node that joined its network has nothing to adopt", async () => {
  const data = place("joined-before");
  await galenNode("join", place("founding.json"), "--data", data, "--http", "http://127.0.0.1:8082", "--p2p", "127.0.0.1:26701");
  const told = await galenNode("adopt", place("founding.json"), "--data", data, "--json");
  expect(JSON.parse(told)).toMatchObject({ error: { id: "cli/NoCard", details: { folder: data } } });
  process.exitCode = undefined;
});
