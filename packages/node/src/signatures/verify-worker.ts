import { parentPort } from "node:worker_threads";
import { nativeCrypto } from "../crypto/native.ts";
import { verifyBatch } from "./batch.ts";
import { favourMainThread } from "./favour-main-thread.ts";

// The thread that `signature-pool.ts` starts: says "ready" once, then answers every batch with its verdicts, in order.
const port = parentPort!;
port.on("message", (batch: Uint8Array) => port.postMessage(verifyBatch(batch, nativeCrypto)));
favourMainThread();
port.postMessage("ready");
