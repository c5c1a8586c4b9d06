import { setTimeout as sleep } from "node:timers/promises";
import type { Refusal } from "@galen/ledger/app/refusal";
import { errors } from "../errors.ts";
import { type CometRpc, CometRpcError } from "./rpc/comet-rpc.ts";

/** About one full block later there is room again. */
const RETRY_AFTER_MS = 1_000;
/** After its start CometBFT asks its peers for a moment whether they are ahead, and takes nothing meanwhile. */
const CATCHING_UP_MS = 5_000;
const PAUSE_MS = 50;

/**
 * Hands a transaction to CometBFT's mempool. Gives the reason when CometBFT does not take it. Throws engine/NotReady when it does not answer, so that nobody knows
 * whether it has. Not `broadcast_tx_sync`, which waits for the application's verdict: that was reached before, here.
 */
export async function broadcastTx(rpc: CometRpc, bytes: Uint8Array): Promise<Refusal | undefined> {
  const tx = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString("base64");
  const deadline = performance.now() + CATCHING_UP_MS;
  for (;;) {
    const complaint = await rpc.call("broadcast_tx_async", { tx }).then(() => undefined, complaintOf);
    if (complaint === undefined || complaint.includes("tx already exists in cache")) return undefined; // it waits there, or stands in a block
    if (complaint.includes("mempool is full")) return errors.PoolFull({ retryAfterMs: RETRY_AFTER_MS });
    const isCatchingUp = complaint.includes("catching up");
    if (!isCatchingUp || performance.now() > deadline) return errors.NotReady({ retryAfterMs: RETRY_AFTER_MS });
    await sleep(PAUSE_MS);
  }
}

function complaintOf(error: unknown): string {
  if (error instanceof CometRpcError) return error.details;
  throw errors.NotReady({ retryAfterMs: RETRY_AFTER_MS });
}
