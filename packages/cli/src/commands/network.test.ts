import { once } from "node:events";
import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readConfig, startNode } from "@galen/node";
import { afterAll, beforeAll, expect, it, vi } from "vitest";
import { createNetwork } from "../network/create-network.ts";
import { organisationFolder } from "../network/network-folder.ts";
import { createProgram } from "../program.ts";

let folder: string;
let network: string;
let own: { readonly organisation: string; readonly url: string; readonly folder: string };

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "galen-network-"));
  network = join(folder, "network");
  vi.stubEnv("GALEN_COMETBFT_BINARY", "cometbft");
  const founding = await createNetwork({ folder: network, organisations: 1, isTown: false, passphrase: "between us", note: () => {} });
  const { name, http } = founding.cards[0]!.content;
  own = { organisation: name, url: http, folder: organisationFolder(network, 1) };
});
afterAll(async () => {
  vi.unstubAllEnvs();
  await rm(folder, { recursive: true });
});

const stop = (...flags: readonly string[]) => galenNetwork("stop", network, ...flags);

/** Runs a verb of `galen network` and gives what it printed. */
async function galenNetwork(...words: readonly string[]): Promise<string> {
  const told = vi.spyOn(process.stdout, "write").mockReturnValue(true);
  await (await createProgram(["network"])).parseAsync(["network", ...words], { from: "user" });
  const text = told.mock.calls.map(([chunk]) => String(chunk)).join("");
  told.mockRestore();
  return text;
}

it("a node that was started by itself is told as still running, until it is stopped", async () => {
  const overrides = { dataFolder: own.folder, httpPort: Number(new URL(own.url).port), custodian: "off", logLevel: "silent" } as const;
  const node = await startNode(await readConfig({ environment: {}, overrides }));
  expect(JSON.parse(await stop("--json"))).toEqual({ folder: network, wasRunning: false, stillRunning: [own] });
  expect(await stop()).toContain(`still run; stop each where it was started:\n  ${own.url}   ${own.organisation}\n`);
  await node.stop();
  expect(JSON.parse(await stop("--json"))).toEqual({ folder: network, wasRunning: false, stillRunning: [] });
  expect(await stop()).toBe(`No network runs in ${network}.\n`);
});

it("another node that answers at the address is none of the network's", async () => {
  const answer = JSON.stringify({ chainId: "another", height: 1, validator: "ab".repeat(32) });
  const stranger = createServer((_, response) => response.setHeader("content-type", "application/json").end(answer));
  await once(stranger.listen(Number(new URL(own.url).port), "127.0.0.1"), "listening");
  expect(JSON.parse(await stop("--json"))).toMatchObject({ stillRunning: [] });
  stranger.close();
});

it.each([["create", "--town", "--dir"], ["start"], ["status"], ["stop"]])(
  "%s tells of a network that was not made to its end",
  async (...words) => {
    const unfinished = join(folder, "unfinished");
    await mkdir(organisationFolder(unfinished, 1), { recursive: true });
    expect(JSON.parse(await galenNetwork(...words, unfinished, "--json"))).toMatchObject({
      error: { id: "cli/NetworkUnfinished", details: { folder: unfinished } },
    });
    process.exitCode = undefined;
  },
);

it("a network is not made over another", async () => {
  expect(JSON.parse(await galenNetwork("create", "--town", "--dir", network, "--json"))).toMatchObject({
    error: { id: "cli/FolderTaken" },
  });
  process.exitCode = undefined;
});
