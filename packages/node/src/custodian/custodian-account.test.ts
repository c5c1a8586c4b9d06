import { waitForPending } from "@galen/engines/pool/pending";
import { expect, it } from "vitest";
import { startTestNodes } from "../testing/test-nodes.ts";
import { custodianIdentity, openCustodianAccount } from "./custodian-account.ts";

it("does not keep a node that stops waiting for a chain that the others have left", async () => {
  const town = await startTestNodes({ count: 1 });
  try {
    const { ledger } = town.nodes[0]!.running;
    const stopping = new AbortController();
    const result = { code: 0, data: new Uint8Array(), refusal: undefined, events: [] };
    const pending: Parameters<typeof waitForPending>[0] = {
      txHash: "00",
      bytes: new Uint8Array(),
      expiresAt: 0,
      result,
      waiters: new Set(),
    };
    // It admits what comes, and makes no block.
    const engine = {
      submitAndWait: async (_: Uint8Array, wait = {}) => ({ kind: "executed" as const, ...(await waitForPending(pending, wait)) }),
    };
    const secret = new Uint8Array(32);
    const account = openCustodianAccount({ secret, engine, ledger, now: Date.now, stopping: stopping.signal });
    const [created, submitted] = [
      account.create(),
      account.submit([{ type: "accounts.create", value: custodianIdentity(secret).creation }]),
    ];
    stopping.abort();
    await expect(submitted).rejects.toMatchObject({ kind: { id: "engine/StillPending" } });
    await created;
    expect(pending.waiters.size).toBe(0);
  } finally {
    await town.close();
  }
});
