import { defaultParameters } from "@galen/ledger/app/parameters";
import { bytesToHex } from "@galen/ledger/crypto/hex";
import { outsideBytes, outsideFiles } from "@galen/ledger/testing/outside-data";
import { buildTransaction } from "@galen/sdk/transactions/build-transaction";
import { submit } from "@galen/sdk/transactions/submit";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startTestNetwork, type TestNetwork } from "../testing/test-network.ts";

let network: TestNetwork;

beforeAll(async () => {
  network = await startTestNetwork({ requestsPerSecond: 1_000_000, requestBurst: 1_000_000 });
});
afterAll(() => network.close());

interface RpcAnswer {
  readonly result?: Readonly<Record<string, unknown>>;
  readonly error?: { readonly code: number; readonly message: string };
}

async function post(body: string | Uint8Array): Promise<{ status: number; json: RpcAnswer }> {
  const content = typeof body === "string" ? body : Uint8Array.from(body);
  const answer = await fetch(`${network.node.url}/rpc`, { method: "POST", headers: { "content-type": "application/json" }, body: content });
  return { status: answer.status, json: (await answer.json()) as RpcAnswer };
}

const call = (method: string, params: unknown) => post(JSON.stringify({ jsonrpc: "2.0", id: 1, method, params }));

const wrong: readonly (readonly [name: string, body: string | Uint8Array, status: number, code: number])[] = [
  ["no JSON", "{", 400, -32_700],
  ["no UTF-8", Uint8Array.of(0x22, 0xff, 0x22), 400, -32_700],
  ["several requests", "[]", 400, -32_600],
  ["no method", "{}", 400, -32_600],
  ["an id that is no text or number", `{"method":"status","id":{}}`, 400, -32_600],
  ["an id of many lists", `{"method":"status","id":${"[".repeat(6_000)}${"]".repeat(6_000)}}`, 400, -32_600],
  ["an unknown method", `{"method":"__proto__"}`, 200, -32_601],
  ["a list of parameters", `{"method":"commit","params":[1]}`, 200, -32_602],
];
it.each(wrong)("answers %s with the error of JSON-RPC", async (_, body, status, code) => {
  expect(await post(body)).toMatchObject({ status, json: { error: { code } } });
});

const parameters: readonly (readonly [method: string, params: unknown, message: RegExp])[] = [
  ["abci_query", { path: "/store", data: "61" }, /path must be/],
  ["abci_query", { path: "/state" }, /data must be bytes in hex/],
  ["abci_query", { path: "/state", data: "61zz" }, /data must be bytes in hex/],
  ["abci_query", { path: "/state", data: "616" }, /data must be bytes in hex/],
  ["abci_query", { path: "/state", data: "ff" }, /printable ASCII/],
  ["abci_query", { path: "/state", data: "61".repeat(4_000) }, /printable ASCII/],
  ["broadcast_tx_sync", { tx: "AAAA*" }, /tx must be bytes in base64/],
  ["commit", { height: "0" }, /greater than 0/],
  ["commit", { height: "999999999" }, /current blockchain height/],
  ["consensus_params", { height: "999999999" }, /current blockchain height/],
  ["validators", { height: 1.5 }, /decimal number/],
  ["validators", { page: 2 }, /page/],
];
it.each(parameters)("refuses %s with %o", async (method, params, message) => {
  const { status, json } = await call(method, params);
  expect({ status, code: json.error?.code }).toEqual({ status: 200, code: -32_602 });
  expect(json.error!.message).toMatch(message);
});

it("shows a page of validators when none is asked for", async () => {
  expect((await call("validators", { per_page: "0" })).json.result).toMatchObject({ count: "1", total: "1" });
});

it("shows the parameters by which the block at a height was made, also after they were changed", async () => {
  const { maxBlockBytes } = defaultParameters;
  const params = { ...defaultParameters, maxBlockBytes: 2 * maxBlockBytes };
  const { height } = await submit(network.client, {
    actors: [network.hospital],
    messages: [{ type: "governance.setParameters", value: params }],
  });
  await network.person("whoever comes in the block after it");
  const shown = [
    [1, maxBlockBytes],
    [height, maxBlockBytes],
    [height + 1, params.maxBlockBytes],
  ] as const;
  for (const [at, maxBytes] of shown)
    expect((await call("consensus_params", { height: String(at) })).json.result).toMatchObject({
      consensus_params: { block: { max_bytes: String(maxBytes) } },
    });
  expect((await call("genesis", {})).json.result).toMatchObject({
    genesis: {
      initial_height: "1",
      consensus_params: { block: { max_bytes: String(maxBlockBytes) }, version: { app: String(network.node.ledger.version.number) } },
    },
  });
});

it("refuses a transaction for the reasons that the API has", async () => {
  await network.makeKey();
  const { bytes } = await buildTransaction(network.client, {
    actors: [network.hospital],
    messages: [{ type: "vault.erase", value: { objectIds: ["ab".repeat(32)] } }],
  });
  const { json } = await call("broadcast_tx_sync", { tx: Buffer.from(bytes).toString("base64") });
  expect(json.result).toMatchObject({ codespace: "vault", hash: bytesToHex(network.client.crypto.sha256(bytes)).toUpperCase() });
});

const files = outsideFiles("bad-inputs/json-parsing").concat(outsideFiles("bad-inputs/json-transform"));

describe.skipIf(files.length === 0)(`${files.length} files of difficult JSON`, () => {
  it("are refused, and the node stays up", async () => {
    for (const file of files) expect((await post(outsideBytes(file)!)).status, file).toBe(400);
    expect((await call("health", {})).json.result).toEqual({});
  });
});
