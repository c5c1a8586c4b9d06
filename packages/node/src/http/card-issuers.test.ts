import { createPublicKey, verify } from "node:crypto";
import { accountKeys } from "@galen/sdk/keys/account-keys";
import { appointingMessages, cardSigner } from "@galen/sdk/organisations/card-signer";
import { submit } from "@galen/sdk/transactions/submit";
import { afterAll, beforeAll, expect, it } from "vitest";
import { startTestNetwork, type TestNetwork } from "../testing/test-network.ts";

const signer = cardSigner(accountKeys(new Uint8Array(64).fill(7), 0));

let network: TestNetwork;

beforeAll(async () => {
  network = await startTestNetwork();
});
afterAll(() => network.close());

function keysOf(organisation: string): Promise<Response> {
  const path = `/v1/card-issuers/${organisation}/${signer.account}/.well-known/jwks.json`;
  return fetch(network.node.url + path, { headers: { origin: "https://verifier.example" } });
}

async function appoint(): Promise<void> {
  const organisation = network.hospital.account;
  const known = { publicKey: undefined, isAppointed: false, isAllied: true };
  await submit(network.client, { actors: [network.hospital, signer], messages: [...appointingMessages(organisation, signer, known)] });
}

it("tells everybody the key of a card signer for as long as it is appointed", async () => {
  const { account: organisation } = network.hospital;
  expect((await keysOf(organisation)).status).toBe(404);
  await appoint();

  const answer = await keysOf(organisation);
  expect(answer.headers.get("access-control-allow-origin")).toBe("*");
  const { keys } = (await answer.json()) as { keys: Record<string, string>[] };
  expect(keys).toEqual([
    expect.objectContaining({ kty: "EC", crv: "P-256", use: "sig", alg: "ES256", kid: expect.stringMatching(/^[\w-]{43}$/) }),
  ]);
  const said = Buffer.from("a card");
  const signature = await signer.signers[0]!.sign(said);
  const key = createPublicKey({ key: keys[0]!, format: "jwk" });
  expect(verify("sha256", said, { key, dsaEncoding: "ieee-p1363" }, signature)).toBe(true);

  const value = { organisation, member: signer.account };
  await submit(network.client, { actors: [network.hospital], messages: [{ type: "accounts.removeMember", value }] });
  expect(await (await keysOf(organisation)).json()).toEqual({ keys: [] });
});

it("knows no signer of somebody outside the alliance", async () => {
  const person = await network.person("person");
  for (const account of [person.account, signer.account]) {
    const answer = await keysOf(account);
    expect([answer.status, await answer.json()]).toEqual([404, expect.objectContaining({ title: "api/NotFound" })]);
  }
});
