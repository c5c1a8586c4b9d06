import { randomBytes } from "node:crypto";
import { authorisation } from "@galen/sdk/client/authorisation";
import { FRAMES_TYPE, writeFrames } from "@galen/sdk/client/frames";
import { accountKeys } from "@galen/sdk/keys/account-keys";
import { appointingMessages, cardSigner } from "@galen/sdk/organisations/card-signer";
import { propose } from "@galen/sdk/proposals/vote";
import { fileDocuments } from "@galen/sdk/records/file-documents";
import { grantAccess } from "@galen/sdk/records/grants";
import { readGranted } from "@galen/sdk/records/read-granted";
import { buildTransaction } from "@galen/sdk/transactions/build-transaction";
import type { OwnAccount } from "@galen/sdk/transactions/own-account";
import { submit } from "@galen/sdk/transactions/submit";
import type { TSchema } from "typebox";
import { Errors } from "typebox/value";
import { afterAll, beforeAll, expect, it } from "vitest";
import type { Backend } from "../backend.ts";
import { startTestNetwork, type TestNetwork } from "../testing/test-network.ts";
import { routes } from "./routes.ts";

const DAY_MS = 86_400_000;
const signer = cardSigner(accountKeys(new Uint8Array(64).fill(7), 0));

let network: TestNetwork;
let patient: OwnAccount;
let doctor: OwnAccount;
let release: { readonly releaseId: string; readonly height: number };
let txHash: string;

/** Something of everything that the node lists. */
beforeAll(async () => {
  network = await startTestNetwork();
  const { client, hospital } = network;
  [patient, doctor] = [await network.person("patient"), await network.person("doctor")];
  await network.makeKey();
  const objectId = randomBytes(32).toString("hex");
  const document = { objectId, plaintext: randomBytes(100), owner: patient.account, compartment: "ab".repeat(32) };
  await fileDocuments(client, { as: hospital, documents: [document] });
  const until = Date.now() + DAY_MS;
  const grantee = { kind: "person", account: doctor.account } as const;
  const { grantId } = await grantAccess(client, { as: patient, grantee, covers: { kind: "everything" }, purposes: ["TREAT"], until });
  const { releaseIds } = await readGranted(client, { as: doctor, objectIds: [objectId], purpose: "TREAT", grantId });
  release = { releaseId: releaseIds[0]!, height: network.node.engine.status().height };
  const delegation = { owner: patient.account, delegate: doctor.account, scopes: ["log.read"], until, ground: "chosen" };
  const guarding = { account: patient.account, guardians: [doctor.account], threshold: 1, delayMs: DAY_MS };
  const messages = [
    { type: "accounts.delegate", value: delegation },
    { type: "accounts.setGuardians", value: guarding },
  ];
  ({ txHash } = await submit(client, { actors: [patient], messages }));
  const organisation = hospital.account;
  const entering = { type: "accounts.setMember", value: { organisation, member: doctor.account, roles: ["clinician"] } };
  const appointing = appointingMessages(organisation, signer, { publicKey: undefined, isAppointed: false, isAllied: true });
  await submit(client, { actors: [hospital, signer], messages: [entering, ...appointing] });
  const asked = [{ type: "governance.cancelUpgrade", value: {} }];
  await propose(client, { as: [doctor], messages: asked, asked: [hospital.account] });
});
afterAll(() => network.close());

interface Asked {
  readonly path: string;
  readonly as?: OwnAccount;
  readonly type?: string;
  readonly body?: Uint8Array;
}

const json = (value: unknown) => ({ type: "application/json", body: Buffer.from(JSON.stringify(value)) });
/** One that was not sent before. */
async function transaction(): Promise<Asked> {
  const grantee = { kind: "person", account: doctor.account };
  const terms = { grantee, covers: { kind: "everything" }, purposes: ["TREAT"], from: 0, until: Date.now() + DAY_MS };
  const value = { grantId: randomBytes(32).toString("hex"), owner: patient.account, ...terms };
  const { bytes } = await buildTransaction(network.client, { actors: [patient], messages: [{ type: "vault.grant", value }] });
  return { path: "/v1/transactions", type: "application/cbor", body: bytes };
}

/** How each answer with a schema is come by: route, status, request. */
const asked: readonly (readonly [route: string, request: () => Asked | Promise<Asked>])[] = [
  ["GET /v1/status 200", () => ({ path: "/v1/status" })],
  ["GET /v1/health 200", () => ({ path: "/v1/health" })],
  ["GET /v1/health/live 200", () => ({ path: "/v1/health/live" })],
  ["GET /v1/peers 200", () => ({ path: "/v1/peers" })],
  ["GET /v1/transactions/:txHash 200", () => ({ path: `/v1/transactions/${txHash}` })],
  ["GET /v1/transactions/:txHash/proof 200", () => ({ path: `/v1/transactions/${txHash}/proof` })],
  ["GET /v1/headers/:height 200", () => ({ path: "/v1/headers/latest" })],
  ["GET /v1/validators/:height 200", () => ({ path: "/v1/validators/1" })],
  ["GET /v1/blocks/:height 200", () => ({ path: "/v1/blocks/2" })],
  ["GET /v1/state 200", () => ({ path: `/v1/state?key=accounts/records/${patient.account}` })],
  ["POST /v1/state/proofs 200", () => ({ path: "/v1/state/proofs", ...json({ keys: [`accounts/records/${patient.account}`, "none"] }) })],
  ["POST /v1/blobs 200", () => ({ path: "/v1/blobs", as: patient, type: FRAMES_TYPE, body: writeFrames([randomBytes(9)]) })],
  ["GET /v1/custodian 200", () => ({ path: "/v1/custodian" })],
  ["GET /v1/custodian/log 200", () => ({ path: "/v1/custodian/log" })],
  ["POST /v1/custody/shares 200", () => ({ path: "/v1/custody/shares", as: doctor, ...json(release) })],
  ["GET /v1/records 200", () => ({ path: `/v1/records?owner=${patient.account}`, as: patient })],
  ["GET /v1/releases 200", () => ({ path: `/v1/releases?owner=${patient.account}`, as: patient })],
  ["GET /v1/grants 200", () => ({ path: `/v1/grants?reader=${doctor.account}`, as: doctor })],
  ["GET /v1/accounts 200", () => ({ path: `/v1/accounts?key=${patient.creation.value.keys[0]!.publicKey}` })],
  ["GET /v1/guardianships 200", () => ({ path: "/v1/guardianships", as: doctor })],
  ["GET /v1/delegations 200", () => ({ path: `/v1/delegations?owner=${patient.account}`, as: patient })],
  ["GET /v1/members 200", () => ({ path: `/v1/members?organisation=${network.hospital.account}`, as: network.hospital })],
  ["GET /v1/proposals 200", () => ({ path: "/v1/proposals" })],
  ["GET /v1/validator-sets 200", () => ({ path: "/v1/validator-sets" })],
  ["GET /v1/release-counts 200", () => ({ path: `/v1/release-counts?by=purpose&from=${Date.now() - DAY_MS}&step=${DAY_MS}` })],
  [
    "GET /v1/card-issuers/:organisation/:signer/.well-known/jwks.json 200",
    () => ({ path: `/v1/card-issuers/${network.hospital.account}/${signer.account}/.well-known/jwks.json` }),
  ],
  ["POST /v1/transactions 200", transaction],
  ["POST /v1/transactions 202", async () => ({ ...(await transaction()), path: "/v1/transactions?wait=admitted" })],
];

const schemas = new Map(
  routes.flatMap(({ method, path, answers }) =>
    Object.entries(answers).flatMap(([status, answer]) => (typeof answer === "string" ? [] : [[`${method} ${path} ${status}`, answer]])),
  ),
);

it.each(asked)("%s is as its schema says, and says all of it", async (route, request) => {
  const { path, as, type, body } = await request();
  const [method] = route.split(" ") as [string];
  const headers = new Headers(type === undefined ? {} : { "content-type": type });
  const bytes = body ?? new Uint8Array(0);
  if (as) headers.set("authorization", await authorisation(network.client, as, { chainId: "test-network", method, path, body: bytes }));
  const answer = await fetch(network.node.url + path, { method, headers, body: body ? Uint8Array.from(body) : null });
  expect(answer.status).toBe(Number(route.split(" ").at(-1)));
  const told = (await answer.json()) as { readonly items?: readonly unknown[] };
  expectFit(schemas.get(route)!, told);
  // What an empty list says of its items is nothing; the only validator's set has not changed.
  expect(told.items).not.toEqual(path === "/v1/validator-sets" ? undefined : []);
});

it("says of a transaction under way that it waits", async () => {
  const backend = { engine: { tx: () => undefined, isPending: () => true } } as unknown as Backend;
  const [route] = routes.filter(({ path }) => path === "/v1/transactions/:txHash");
  const answer = await route!.handle(backend, { params: { txHash } } as never);
  expect(answer.status).toBe(202);
  expectFit(schemas.get("GET /v1/transactions/:txHash 202")!, answer.body);
});

it("holds every schema", () => {
  const tried = [...asked.map(([route]) => route), "GET /v1/transactions/:txHash 202"];
  expect([...schemas.keys()].toSorted()).toEqual(tried.toSorted());
});

function expectFit(schema: TSchema, answer: unknown): void {
  expect(Errors(schema, answer)).toEqual([]);
  expect(strangersIn(schema, answer)).toEqual([]);
}

interface Shape {
  readonly properties?: Readonly<Record<string, Shape>>;
  readonly additionalProperties?: true;
  readonly items?: Shape;
  readonly anyOf?: readonly Shape[];
}

/** Fields of an answer that its schema does not name. */
function strangersIn({ properties, additionalProperties, items, anyOf }: Shape, value: unknown): string[] {
  if (typeof value !== "object" || value === null) return [];
  const [held] = anyOf ?? [];
  if (held) return strangersIn(held, value);
  if (Array.isArray(value)) return value.flatMap((one) => strangersIn(items ?? {}, one));
  if (additionalProperties) return [];
  return Object.entries(value).flatMap(([name, field]) => {
    const schema = properties?.[name];
    return schema ? strangersIn(schema, field).map((within) => `${name}.${within}`) : [name];
  });
}
