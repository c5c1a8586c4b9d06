import { constants, setPriority } from "node:os";
import { parentPort } from "node:worker_threads";
import { nativeCrypto } from "../crypto/native.ts";
import { verifyBatch } from "./batch.ts";

// The thread that `signature-pool.ts` starts: says "ready" once, then answers every batch with its verdicts, in order.
const port = parentPort!;
// Where cores are short, the thread that executes comes first: it bounds what the ledger does, and helps to verify. Elsewhere this would mean the whole process.
if (process.platform === "linux") setPriority(constants.priority.PRIORITY_BELOW_NORMAL);
port.on("message", (batch: Uint8Array) => port.postMessage(verifyBatch(batch, nativeCrypto)));
port.postMessage("ready");
