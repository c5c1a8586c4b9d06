import { mkdtemp, rm } from "node:fs/promises";
import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { Genesis } from "@galen/ledger/app/genesis";
import { installCometbft } from "../scripts/cometbft.ts";
import type { Figure } from "./measure.ts";
import { type GalenNetwork, type LoadedNetwork, startGalenNetwork } from "./network/galen-network.ts";
import { startKvstoreNetwork } from "./network/kvstore-network.ts";
import { ledgerAloneUs } from "./network/ledger-alone.ts";
import { type LoadResult, sendOpenLoop } from "./network/open-loop.ts";
import { buildLoadClient, sendByLoadTest } from "./network/outside-client.ts";
import { processorTimeUs } from "./network/processor-time.ts";
import { createSigner, keyValueTransactions, signGrant } from "./network/signed-transactions.ts";
import { withGo } from "./with-go.ts";

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
const LEDGER_GRANTS = 5_000;

type Transactions = (count: number) => readonly Uint8Array[];

/** Processor time per transaction in microseconds. */
interface ProcessorTime {
  /** Of a Galen node, on average over all; 0 where there is none. */
  readonly node: number;
  /** Of a CometBFT process, on average over all. */
  readonly cometbft: number;
  /** Of this process, which sends the load and shares the cores. */
  readonly load: number;
}

interface Saturated {
  /** Transactions in blocks per second at the best rate. */
  readonly perSecond: number;
  /** At that rate. */
  readonly processor: ProcessorTime;
}

type Processes = Pick<LoadedNetwork, "rpcs" | "cometbft"> & Partial<Pick<GalenNetwork, "nodes">>;

/** Raises the rate until the network does not keep up; gives the best rate of blocks. */
async function saturate(network: Processes, transactions: Transactions): Promise<Saturated> {
  let best: Saturated = { perSecond: 0, processor: { node: 0, cometbft: 0, load: 0 } };
  for (let step = 0, rate = FIRST_RATE; step < MAX_STEPS; step++, rate = Math.round(rate * STEP)) {
    const txs = transactions(rate * seconds);
    const before = await processorTimes(network);
    const { perSecond, latencyP50Ms, committed, refused } = await sendOpenLoop({ rpcs: network.rpcs, txs, perSecond: rate });
    const after = await processorTimes(network);
    process.stderr.write(`  ${rate} tx/s sent, ${Math.round(perSecond)} in blocks, p50 ${Math.round(latencyP50Ms)} ms\n`);
    if (perSecond > best.perSecond) best = { perSecond, processor: perTransaction(before, after, committed) };
    if (latencyP50Ms > KEPT_UP_MS || refused > 0) break;
    await sleep(PAUSE_MS);
  }
  return best;
}

/** Of one process of each kind on average, since it started. */
async function processorTimes({ nodes = [], cometbft }: Processes): Promise<ProcessorTime> {
  const own = process.cpuUsage();
  return {
    node: (await processorTimeUs(nodes)) / VALIDATORS,
    cometbft: (await processorTimeUs(cometbft)) / VALIDATORS,
    load: own.user + own.system,
  };
}

function perTransaction(before: ProcessorTime, after: ProcessorTime, count: number): ProcessorTime {
  const of = (kind: keyof ProcessorTime) => (after[kind] - before[kind]) / count;
  return { node: of("node"), cometbft: of("cometbft"), load: of("load") };
}

interface Measured extends Saturated {
  readonly steady: LoadResult;
}

async function measure(network: Processes, transactions: Transactions, steadyRate?: number): Promise<Measured> {
  const { rpcs } = network;
  await sendOpenLoop({ rpcs, txs: transactions(FIRST_RATE * 3), perSecond: FIRST_RATE }); // warms up
  const saturated = await saturate(network, transactions);
  await sleep(PAUSE_MS);
  const rate = steadyRate ?? Math.round(STEADY_SHARE * saturated.perSecond);
  return { ...saturated, steady: await sendOpenLoop({ rpcs, txs: transactions(rate * seconds), perSecond: rate }) };
}

interface Owners {
  /** The transactions that make their accounts. */
  readonly creations: readonly Uint8Array[];
  /** Grants of the owners in turn. */
  readonly grants: Transactions;
}

function createOwners(chainId: string): Owners {
  const owners = Array.from({ length: OWNERS }, () => createSigner(chainId));
  let next = 0;
  const nextOwner = () => owners[next++ % OWNERS]!;
  return {
    creations: owners.map(({ creation }) => creation.bytes),
    grants: (count) => Array.from({ length: count }, () => signGrant(nextOwner(), owners[0]!.account).bytes),
  };
}

async function createAccounts(rpcs: readonly string[], txs: readonly Uint8Array[]): Promise<void> {
  const { committed } = await sendOpenLoop({ rpcs, txs, perSecond: FIRST_RATE });
  if (committed < txs.length) throw new Error(`only ${committed} of ${txs.length} accounts were made`);
}

/** Over as many grants as warm it up, and as many again. */
function ledgerAlone(folder: string, genesis: Genesis, { creations, grants }: Owners): Promise<number> {
  return ledgerAloneUs({ folder, genesis, first: [...creations, ...grants(LEDGER_GRANTS)], txs: grants(LEDGER_GRANTS) });
}

async function run(folder: string): Promise<Figure[]> {
  const cometbft = await installCometbft();
  process.env.GALEN_COMETBFT_BINARY = cometbft;
  const program = await withGo(() => buildLoadClient(folder));
  const galen = await startGalenNetwork(join(folder, "galen"), VALIDATORS);
  let own: Measured;
  let outside: number | undefined;
  let sizeBytes: number;
  const owners = createOwners(galen.genesis.chainId);
  const { grants: sign } = owners;
  try {
    await createAccounts(galen.rpcs, owners.creations);
    sizeBytes = sign(1)[0]!.length;
    own = await measure(galen, sign);
    const perSecond = Math.round(own.perSecond);
    const load = { folder, rpcs: galen.rpcs, txs: sign(perSecond * (seconds + 1)), perSecond, seconds };
    outside = program === undefined ? undefined : await sendByLoadTest({ program, ...load });
  } finally {
    await galen.stop();
  }
  const ledgerUs = await ledgerAlone(join(folder, "ledger"), galen.genesis, owners);
  const store = await startKvstoreNetwork(join(folder, "galen"), join(folder, "kvstore"), cometbft);
  try {
    const rate = Math.round(STEADY_SHARE * own.perSecond);
    const peer = await measure(store, (count) => keyValueTransactions(count, sizeBytes), rate);
    return figures({ own, outside, peer, ledgerUs, rate, sizeBytes });
  } finally {
    await store.stop();
  }
}

interface Run {
  readonly own: Measured;
  readonly outside: number | undefined;
  readonly peer: Measured;
  /** Processor time of the ledger alone per transaction, in microseconds. */
  readonly ledgerUs: number;
  readonly rate: number;
  readonly sizeBytes: number;
}

function figures(run: Run): Figure[] {
  const { own, outside, peer, rate, sizeBytes } = run;
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
    ...processorFigures(run),
    latency("p50", ({ latencyP50Ms }) => latencyP50Ms),
    latency("p99", ({ latencyP99Ms }) => latencyP99Ms),
  ];
}

/** What the throughput is to be judged by: the peer checks no signature and executes next to nothing. */
function processorFigures({ own, peer, ledgerUs }: Run): Figure[] {
  const cores = availableParallelism();
  const bound = (cores * 1e6) / (VALIDATORS * (peer.processor.cometbft + ledgerUs) + peer.processor.load);
  const ledger = { name: "the ledger alone over such transactions, durable", value: ledgerUs };
  const cometbft = { name: "CometBFT with its kvstore", value: peer.processor.cometbft };
  return [
    { name: "processor time of each node, 4 validators at that rate", value: own.processor.node, unit: "µs/tx", limit: ledger },
    { name: "processor time of each node's CometBFT, at that rate", value: own.processor.cometbft, unit: "µs/tx", limit: cometbft },
    {
      name: `bound of ${cores} cores for 4 validators that each execute: kvstore's processes, the ledger alone in each, and the load`,
      value: bound,
      unit: "tx/s",
      limit: { name: "CometBFT's kvstore", value: peer.perSecond },
    },
  ];
}

const folder = await mkdtemp(join(tmpdir(), "gb-"));
try {
  console.log(JSON.stringify((await withGo(() => run(folder))) ?? []));
} finally {
  await rm(folder, { recursive: true, force: true });
}
