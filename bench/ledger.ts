import { execFileSync } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ChainRun } from "./ledger/run-chain.ts";
import { type Figure, quantile } from "./measure.ts";

/*
 * The whole pipeline: signed payments of three keys each through engine, codec, handlers, events, state tree and LevelDB, durable, with one
 * verifying thread. `node bench/ledger.ts` takes 10^5 accounts, `node bench/ledger.ts 1000000` as many as the goal names.
 */
const accounts = Number(process.argv[2] ?? 100_000);

function inProcess(script: string, folder: string): string {
  const path = join(import.meta.dirname, "ledger", script);
  return execFileSync(process.execPath, ["--expose-gc", path, folder, String(accounts)], {
    encoding: "utf8",
    stdio: ["ignore", "pipe", "inherit"],
  });
}

async function measure(): Promise<ChainRun> {
  const folder = await mkdtemp(join(tmpdir(), "galen-bench-"));
  try {
    inProcess("found-accounts.ts", folder);
    return JSON.parse(inProcess("run-chain.ts", folder)) as ChainRun;
  } finally {
    await rm(folder, { recursive: true });
  }
}

const at = `${accounts.toLocaleString("en-US")} accounts`;

function throughputFigures({ runs }: ChainRun): Figure[] {
  const median = (pick: (run: ChainRun["runs"][number]) => number) => quantile(runs.map(pick), 0.5);
  const perSecond = median((run) => run.perSecond);
  const limit = median((run) => run.signatureLimit);
  const spread = runs.map((run) => Math.round(run.perSecond).toLocaleString("en-US")).join(", ");
  const verification = { name: "one verification", value: median((run) => run.verificationUs) };
  return [
    {
      name: `ledger, signed, durable, 3 keys per transaction, ${at}`,
      value: perSecond,
      unit: "tx/s",
      limit: { name: "Ed25519 verify, one core", value: limit },
      goal: "0.60 of the limit, 12,000 tx/s",
      met: perSecond >= 0.6 * limit && perSecond >= 12_000,
      note: `runs: ${spread}`,
    },
    { name: `processor time of the executing thread, ${at}`, value: median((run) => run.executingUs), unit: "µs/tx", limit: verification },
    { name: `processor time of the whole process, ${at}`, value: median((run) => run.processUs), unit: "µs/tx", limit: verification },
  ];
}

function otherFigures({ openMs, confirmationP50Ms: p50, confirmationP99Ms: p99, residentMb }: ChainRun): Figure[] {
  return [
    { name: "confirmation p50 at 1,000 tx/s, open loop", value: p50, unit: "ms", goal: "15 ms", met: p50 < 15 },
    { name: "confirmation p99 at 1,000 tx/s, open loop", value: p99, unit: "ms", goal: "60 ms", met: p99 < 60 },
    { name: `start after a clean stop, ${at}`, value: openMs / 1_000, unit: "s", goal: "3 s", met: openMs < 3_000 },
    { name: `resident memory, ledger with its load, ${at}`, value: residentMb, unit: "MB", goal: "1,500 MB", met: residentMb < 1_500 },
  ];
}

const run = await measure();
console.log(JSON.stringify([...throughputFigures(run), ...otherFigures(run)]));
