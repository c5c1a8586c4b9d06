import { parentPort, workerData } from "node:worker_threads";
import { firstPaymentOf, paymentOf } from "./payers.ts";

// A thread that signs payments before they are measured: `count` of them from number `from` over `accounts`, sent back as arrays of their own.
const { kind, from, count, accounts } = workerData as { kind: "first" | "spread"; from: number; count: number; accounts: number };
const make = kind === "first" ? firstPaymentOf : paymentOf;
parentPort!.postMessage(Array.from({ length: count }, (_, index) => make(from + index, accounts)));
