import type { Refusal } from "@galen/ledger/app/refusal";
import { errors } from "../errors.ts";
import { type CometRpc, CometRpcError } from "./rpc/comet-rpc.ts";

/** About one full block later there is room again. */
const RETRY_AFTER_MS = 1_000;

/** Hands a transaction to CometBFT's mempool. Gives the reason when CometBFT has no room, or does not answer. */
export async function broadcastTx(rpc: CometRpc, bytes: Uint8Array): Promise<Refusal | undefined> {
  try {
    await rpc.call("broadcast_tx_sync", { tx: Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString("base64") });
    return undefined;
  } catch (error) {
    if (!(error instanceof CometRpcError)) return errors.NotReady();
    if (error.details.includes("tx already exists in cache")) return undefined; // it waits there, or stands in a block
    return error.details.includes("mempool is full") ? errors.PoolFull({ retryAfterMs: RETRY_AFTER_MS }) : errors.NotReady();
  }
}
