import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { defaultParameters } from "@galen/ledger/app/parameters";
import { afterAll, beforeAll, expect, it } from "vitest";
import { formatFounding, foundingOf, genesisOf } from "./founding.ts";
import { initNode } from "./init-node.ts";
import { readSuccessor } from "./successor.ts";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "galen-successor-"));
});
afterAll(() => rm(folder, { recursive: true }));

async function fileWith(document: unknown): Promise<string> {
  const file = join(folder, "document.json");
  await writeFile(file, typeof document === "string" ? document : JSON.stringify(document));
  return file;
}

it("reads the same from a founding document and from the genesis document that follows from it, without the founders", async () => {
  const listen = { httpHost: "127.0.0.1", httpPort: 8_080, p2pHost: "127.0.0.1", p2pPort: 26_656, cometbftRpcPort: 0 };
  const addresses = { http: "http://127.0.0.1:8080", p2p: "127.0.0.1:26656", listen };
  const node = {
    folder: join(folder, "node"),
    organisation: "First Hospital",
    passphrase: "between us",
    cometbftBinary: "cometbft",
    addresses,
  };
  const founding = foundingOf("clinics", [(await initNode(node)).card]);
  const { chainId, validators, parameters } = genesisOf(founding);
  const successor = { chainId, validators, parameters, modules: {} };
  expect(await readSuccessor(await fileWith(formatFounding(founding)))).toEqual(successor);
  expect(await readSuccessor(await fileWith(genesisOf(founding)))).toEqual(successor);
});

const validator = { publicKey: "ab".repeat(32), power: 1 };
const whole = { chainId: "clinics", validators: [validator], parameters: defaultParameters };

it.each<[string, unknown, string]>([
  ["no JSON", "{", "cli/BadSuccessor"],
  ["null", null, "cli/BadSuccessor"],
  ["a text", '"founding"', "cli/BadSuccessor"],
  ["without a name", { ...whole, chainId: undefined }, "cli/BadSuccessor"],
  ["without validators", { ...whole, validators: [] }, "cli/BadSuccessor"],
  ["with a validator that has no power", { ...whole, validators: [{ ...validator, power: 0 }] }, "cli/BadSuccessor"],
  ["with one key twice", { ...whole, validators: [validator, validator] }, "cli/BadSuccessor"],
  ["with a parameter too few", { ...whole, parameters: {} }, "cli/BadSuccessor"],
  ["a founding with changed cards", { name: "clinics", cards: [{}], genesisHash: "00".repeat(32) }, "cli/BadCard"],
])("refuses a document that is %s", async (_, document, refusal) => {
  await expect(readSuccessor(await fileWith(document))).rejects.toThrow(refusal);
});

it("refuses a file that is not there", async () => {
  await expect(readSuccessor(join(folder, "nothing.json"))).rejects.toThrow("cli/NotFound");
});
