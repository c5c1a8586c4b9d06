import { portableCrypto } from "@galen/ledger/crypto/portable";
import { foundVaultTown, sealedObject, sealMessage } from "@galen/ledger/modules/vault/testing/scene";
import { expect, it } from "vitest";
import type { Backend } from "../backend.ts";
import { methods } from "../comet-rpc/methods.ts";
import { transactionRoutes } from "./routes/transactions.ts";

/** A node that is sent a transaction with blobs; its engine takes everything. */
async function sendBlobs(isHeld: boolean) {
  const { chain, patient } = await foundVaultTown();
  const body = chain.sign([patient], [sealMessage(sealedObject(patient, "document"))]);
  const engine = { submit: async () => ({ kind: "pending", txHash: "", result: { code: 0, refusal: undefined } }) };
  const backend = { ledger: chain.ledger, crypto: portableCrypto, blobs: { has: () => isHeld }, engine } as unknown as Backend;
  return { backend, body };
}

const cases = [
  ["not held any more", false, 424, "blobs", "blobs/Missing"],
  ["held", true, 202, "", undefined],
] as const;

it.each(cases)("a transaction whose blobs are %s, sent to the API", async (_, isHeld, status, _codespace, id) => {
  const { backend, body } = await sendBlobs(isHeld);
  const answer = await transactionRoutes[0]!.handle(backend, { body, query: { wait: "admitted" } } as never);
  expect([answer.status, (answer.body as { readonly title?: string }).title]).toEqual([status, id]);
});

it.each(cases)("a transaction whose blobs are %s, sent to CometBFT's RPC", async (_, isHeld, _status, codespace) => {
  const { backend, body } = await sendBlobs(isHeld);
  const answer = await methods.broadcast_tx_sync!(backend, { tx: Buffer.from(body).toString("base64") });
  expect(answer).toMatchObject({ codespace });
});
