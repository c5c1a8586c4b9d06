import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { installCometbft } from "../scripts/cometbft.ts";
import { GoMissing } from "../scripts/go.ts";
import type { Figure } from "./measure.ts";
import { startGalenNetwork } from "./network/galen-network.ts";
import { startKvstoreNetwork } from "./network/kvstore-network.ts";
import { type LoadResult, sendOpenLoop } from "./network/open-loop.ts";
import { buildLoadClient, sendByLoadTest } from "./network/outside-client.ts";
import { createSigner, keyValueTransactions, signGrant } from "./network/signed-transactions.ts";

/*
 * Four validators of Galen on this machine under an open load of signed transactions, and CometBFT's own key-value store under the same load in the same
 * run: same program, configuration, genesis, size of transactions. `node bench/network.ts [SECONDS PER STEP]`
 */
const VALIDATORS = 4;
const OWNERS = 400;
const seconds = Number(process.argv[2] ?? 6);
const FIRST_RATE = 200;
const STEP = 1.5;
const MAX_STEPS = 9;
/** Where half of what is sent waits longer, more is sent than the network takes. */
const KEPT_UP_MS = 2_000;
/** Share of Galen's throughput at which latencies are compared. */
const STEADY_SHARE = 0.5;
const PAUSE_MS = 2_000;

type Transactions = (count: number) => readonly Uint8Array[];

/** Raises the rate until the network does not keep up; gives the best rate of blocks. */
async function saturate(rpcs: readonly string[], transactions: Transactions): Promise<number> {
  let best = 0;
  for (let step = 0, rate = FIRST_RATE; step < MAX_STEPS; step++, rate = Math.round(rate * STEP)) {
    const { perSecond, latencyP50Ms, refused } = await sendOpenLoop({ rpcs, txs: transactions(rate * seconds), perSecond: rate });
    process.stderr.write(`  ${rate} tx/s sent, ${Math.round(perSecond)} in blocks, p50 ${Math.round(latencyP50Ms)} ms\n`);
    best = Math.max(best, perSecond);
    if (latencyP50Ms > KEPT_UP_MS || refused > 0) break;
    await sleep(PAUSE_MS);
  }
  return best;
}

interface Measured {
  readonly perSecond: number;
  readonly steady: LoadResult;
}

async function measure(rpcs: readonly string[], transactions: Transactions, steadyRate?: number): Promise<Measured> {
  await sendOpenLoop({ rpcs, txs: transactions(FIRST_RATE * 3), perSecond: FIRST_RATE }); // warms up
  const perSecond = await saturate(rpcs, transactions);
  await sleep(PAUSE_MS);
  const rate = steadyRate ?? Math.round(STEADY_SHARE * perSecond);
  return { perSecond, steady: await sendOpenLoop({ rpcs, txs: transactions(rate * seconds), perSecond: rate }) };
}

/** Grants of a few hundred owners in turn, whose accounts are made first. */
async function grantsOf({ chainId, rpcs }: { readonly chainId: string; readonly rpcs: readonly string[] }): Promise<Transactions> {
  const owners = Array.from({ length: OWNERS }, () => createSigner(chainId));
  const { committed } = await sendOpenLoop({ rpcs, txs: owners.map(({ creation }) => creation.bytes), perSecond: FIRST_RATE });
  if (committed < OWNERS) throw new Error(`only ${committed} of ${OWNERS} accounts were made`);
  let next = 0;
  const nextOwner = () => owners[next++ % OWNERS]!;
  return (count) => Array.from({ length: count }, () => signGrant(nextOwner(), owners[0]!.account).bytes);
}

/** Undefined without Go. */
function loadClient(folder: string): string | undefined {
  try {
    return buildLoadClient(folder);
  } catch (error) {
    if (error instanceof GoMissing) return undefined;
    throw error;
  }
}

async function run(folder: string): Promise<Figure[]> {
  const cometbft = await installCometbft();
  process.env.GALEN_COMETBFT_BINARY = cometbft;
  const program = loadClient(folder);
  const galen = await startGalenNetwork(join(folder, "galen"), VALIDATORS);
  let own: Measured;
  let outside: number | undefined;
  let sizeBytes: number;
  try {
    const sign = await grantsOf(galen);
    sizeBytes = sign(1)[0]!.length;
    own = await measure(galen.rpcs, sign);
    const perSecond = Math.round(own.perSecond);
    const load = { folder, rpcs: galen.rpcs, txs: sign(perSecond * (seconds + 1)), perSecond, seconds };
    outside = program === undefined ? undefined : await sendByLoadTest({ program, ...load });
  } finally {
    await galen.stop();
  }
  const store = await startKvstoreNetwork(join(folder, "galen"), join(folder, "kvstore"), cometbft);
  try {
    const rate = Math.round(STEADY_SHARE * own.perSecond);
    const peer = await measure(store.rpcs, (count) => keyValueTransactions(count, sizeBytes), rate);
    return figures({ own, outside, peer, rate, sizeBytes });
  } finally {
    await store.stop();
  }
}

interface Run {
  readonly own: Measured;
  readonly outside: number | undefined;
  readonly peer: Measured;
  readonly rate: number;
  readonly sizeBytes: number;
}

function figures({ own, outside, peer, rate, sizeBytes }: Run): Figure[] {
  const what = `${VALIDATORS} validators on this machine, signed transactions of ${sizeBytes} bytes`;
  const limit = { name: "CometBFT's kvstore, same size and settings", value: peer.perSecond };
  const latency = (name: string, of: (result: LoadResult) => number): Figure => ({
    name: `confirmation ${name} at ${rate} tx/s, open loop, ${VALIDATORS} validators`,
    value: of(own.steady),
    unit: "ms",
    limit: { name: "CometBFT's kvstore", value: of(peer.steady) },
    goal: "1.25 of the limit",
    met: of(own.steady) <= 1.25 * of(peer.steady),
  });
  return [
    { name: what, value: own.perSecond, unit: "tx/s", limit, goal: "0.70 of the limit", met: own.perSecond >= 0.7 * peer.perSecond },
    ...(outside === undefined ? [] : [{ name: "the same, sent by cometbft-load-test", value: outside, unit: "tx/s", limit }]),
    latency("p50", ({ latencyP50Ms }) => latencyP50Ms),
    latency("p99", ({ latencyP99Ms }) => latencyP99Ms),
  ];
}

const folder = await mkdtemp(join(tmpdir(), "gb-"));
try {
  console.log(JSON.stringify(await run(folder)));
} catch (error) {
  if (!(error instanceof GoMissing)) throw error;
  process.stderr.write(`not measured: ${error.message}\n`);
  console.log("[]");
} finally {
  await rm(folder, { recursive: true, force: true });
}
