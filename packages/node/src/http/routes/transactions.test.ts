import { portableCrypto } from "@galen/ledger/crypto/portable";
import { foundVaultTown, sealedObject, sealMessage } from "@galen/ledger/modules/vault/testing/scene";
import { expect, it } from "vitest";
import type { Backend } from "../../backend.ts";
import { transactionRoutes } from "./transactions.ts";

it.each([
  ["not held any more", false, 424],
  ["held", true, 202],
])("a transaction whose blobs are %s", async (_name, isHeld, status) => {
  const { chain, patient } = await foundVaultTown();
  const body = chain.sign([patient], [sealMessage(sealedObject(patient, "document"))]);
  const engine = { submit: async () => ({ kind: "pending", txHash: "", result: { refusal: undefined } }) };
  const backend = { ledger: chain.ledger, crypto: portableCrypto, blobs: { has: () => isHeld }, engine } as unknown as Backend;
  const answer = await transactionRoutes[0]!.handle(backend, { body, query: { wait: "admitted" } } as never);
  expect(answer.status).toBe(status);
});
