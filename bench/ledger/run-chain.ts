import { once } from "node:events";
import { Worker } from "node:worker_threads";
import type { Engine } from "@galen/engines/engine";
import { mappedMb, quantile, residentMb } from "../measure.ts";
import { verificationsPerSecond, verificationUs } from "../signatures.ts";
import { confirmationsMs, saturate, type Throughput } from "./drive.ts";
import { openChain } from "./open-chain.ts";
import { firstPayments } from "./payers.ts";

/** Payments per saturated run: so many that its beginning and its last block, beside which nothing else is under way, weigh little. */
const PAYMENTS = 60_000;
const RUNS = 3;
const MAX_WARM_ACCOUNTS = 1_000_000;
const STEADY_PER_SECOND = 1_000;
/** Half a minute of them: of a few seconds, one write that waits for a disk that others share is the hundredth part. */
const STEADY_PAYMENTS = 30_000;
/** The first second after a saturated run belongs to its aftermath. */
const SETTLING_PAYMENTS = 1_000;

/** What one process measured of a chain. */
export interface ChainRun {
  readonly openMs: number;
  /** Of each counted run, with the signature limit of one core measured right before and after it. */
  readonly runs: readonly (Throughput & { readonly signatureLimit: number; readonly verificationUs: number })[];
  readonly confirmationP50Ms: number;
  readonly confirmationP99Ms: number;
  readonly residentMb: number;
  readonly mappedMb: number;
}

async function sign(workerData: { kind: "first" | "spread"; from: number; count: number; accounts: number }): Promise<Uint8Array[]> {
  const signer = new Worker(new URL("./sign-payments.ts", import.meta.url), { workerData });
  const [payments] = (await once(signer, "message")) as [Uint8Array[]];
  await signer.terminate();
  return payments;
}

/** As many payments as name every account once, or 10^6 of them, before anything is measured. */
async function warmUp(engine: Engine, accounts: number): Promise<void> {
  const total = firstPayments(Math.min(accounts, MAX_WARM_ACCOUNTS));
  for (let from = 0; from < total; from += PAYMENTS) {
    await saturate(engine, await sign({ kind: "first", from, count: Math.min(PAYMENTS, total - from), accounts }));
  }
}

/** Saturated runs, then a steady load. */
async function runChain(folder: string, accounts: number): Promise<ChainRun> {
  const start = performance.now();
  const { engine } = await openChain(folder, accounts);
  const openMs = performance.now() - start;
  await warmUp(engine, accounts);
  let signed = 0;
  const signNext = (count: number) => {
    signed += count;
    return sign({ kind: "spread", from: signed - count, count, accounts });
  };
  const runs: ChainRun["runs"][number][] = [];
  while (runs.length < RUNS) {
    const payments = await signNext(PAYMENTS);
    const limitBefore = await verificationsPerSecond();
    const throughput = await saturate(engine, payments);
    const limitAfter = await verificationsPerSecond();
    runs.push({ ...throughput, signatureLimit: (limitBefore + limitAfter) / 2, verificationUs: verificationUs() });
  }
  const payments = await signNext(SETTLING_PAYMENTS + STEADY_PAYMENTS);
  await confirmationsMs(engine, payments.splice(0, SETTLING_PAYMENTS), STEADY_PER_SECOND);
  const confirmations = await confirmationsMs(engine, payments.splice(0, STEADY_PAYMENTS), STEADY_PER_SECOND);
  return {
    openMs,
    runs,
    confirmationP50Ms: quantile(confirmations, 0.5),
    confirmationP99Ms: quantile(confirmations, 0.99),
    residentMb: residentMb(),
    mappedMb: mappedMb(),
  };
}

// run-chain.ts FOLDER ACCOUNTS prints a ChainRun as JSON, and is killed: nothing that it could still write helps the next start.
const [folder, accounts] = [process.argv[2]!, Number(process.argv[3])];
console.log(JSON.stringify(await runChain(folder, accounts)));
process.kill(process.pid, "SIGKILL");
