import { once } from "node:events";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { type AddressInfo, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { portsOfNeighbours, requireFreePorts } from "./claimed-ports.ts";
import { createPortChooser } from "./free-port.ts";
import { organisationFolder } from "./network-folder.ts";
import type { NodeCard } from "./node-card.ts";
import { CONFIG_FILE, changeConfig } from "./node-config.ts";

let folder: string;
let stopped: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "galen-ports-"));
  stopped = join(folder, "stopped");
  for (const number of [1, 2]) {
    await mkdir(organisationFolder(stopped, number), { recursive: true });
    await changeConfig(organisationFolder(stopped, number), { httpPort: 29_080 + number, p2pPort: 29_180 + number, cometbftRpcPort: 0 });
  }
  await mkdir(join(folder, "photographs"));
  await writeFile(join(folder, "notes.txt"), "no folder");
});
afterAll(() => rm(folder, { recursive: true }));

it("leaves a stopped network beside the new one its ports", async () => {
  const notes: string[] = [];
  const claimed = await portsOfNeighbours(join(folder, "new"), (note) => notes.push(note));
  expect(notes).toEqual([]);
  expect(claimed.toSorted((a, b) => a - b)).toEqual([29_081, 29_082, 29_181, 29_182]);
  const choose = createPortChooser(claimed);
  expect(await choose(29_081)).toBeGreaterThan(29_082);
});

it.each([
  ["cut off", '{"httpPort": 29'],
  ["no object", "[]"],
  ["holding a port that is none", '{"httpPort": "all"}'],
])("names the file of a neighbour that is %s, and counts the others", async (_, text) => {
  const damaged = organisationFolder(join(folder, "damaged"), 1);
  await mkdir(damaged, { recursive: true });
  await writeFile(join(damaged, CONFIG_FILE), text);
  const notes: string[] = [];
  expect(await portsOfNeighbours(join(folder, "new"), (note) => notes.push(note))).toContain(29_081);
  expect(notes).toHaveLength(1);
  expect(notes[0]).toContain(join(damaged, CONFIG_FILE));
  await rm(join(folder, "damaged"), { recursive: true });
});

it("names the port and the organisation when something listens there already", async () => {
  const other = createServer();
  other.listen({ host: "127.0.0.1", port: 0 });
  await once(other, "listening");
  const { port } = other.address() as AddressInfo;
  const path = organisationFolder(stopped, 1);
  const nodes = [{ path, card: { content: { name: "First Hospital" } } as NodeCard }];
  const network = { path: stopped, wallet: join(stopped, "wallet"), nodes };
  await requireFreePorts(network);
  await changeConfig(path, { httpPort: port });
  await expect(requireFreePorts(network)).rejects.toMatchObject({
    kind: { id: "cli/PortTaken" },
    details: { port, organisation: "First Hospital", folder: path },
  });
  other.close();
  await once(other, "close");
  await requireFreePorts(network);
});
