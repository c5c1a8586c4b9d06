import { parentPort, workerData } from "node:worker_threads";
import { paymentOf } from "./payers.ts";

// A thread that signs payments before they are measured: `count` of them over `accounts`, sent back as arrays of their own.
const { count, accounts } = workerData as { count: number; accounts: number };
parentPort!.postMessage(Array.from({ length: count }, (_, number) => paymentOf(number, accounts)));
