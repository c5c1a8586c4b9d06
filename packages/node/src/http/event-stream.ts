import type { Engine } from "@galen/engines/engine";
import type { LedgerEvent } from "@galen/ledger/app/events";
import { toMilliseconds } from "@galen/ledger/block/timestamp";
import { bytesToHex } from "@galen/ledger/crypto/hex";
import type { CryptoProvider } from "@galen/ledger/crypto/provider";
import { eventJson } from "./json.ts";

/** What a client can hear of. */
export const topics = ["blocks", "transactions", "releases", "proposals", "accounts"] as const;
export type Topic = (typeof topics)[number];

/** Place of an event: its block, and its number in there. A client that returns names the last one it saw. */
export interface Place {
  readonly height: number;
  readonly index: number;
}

export interface EventStreamOptions {
  readonly engine: Engine;
  readonly crypto: Pick<CryptoProvider, "sha256">;
  readonly topics: ReadonlySet<Topic>;
  /** Whose releases, proposals and account. */
  readonly account: string | undefined;
  /** Whether an account proposed a proposal or is asked for it. */
  readonly mayVote: (vote: { readonly account: string; readonly proposalId: string }) => boolean;
  /** Whether an account is a guardian of another one, and so hears what becomes of it. */
  readonly isGuardian: (of: { readonly guardian: string; readonly account: string }) => boolean;
  /** Undefined: from the next block on. */
  readonly after: Place | undefined;
  readonly signal: AbortSignal;
}

/** Blocks that are sent again to a client that returns; who was away longer reads the lists instead. */
const MAX_BACKFILL_BLOCKS = 1_000;
/** Proxies and browsers give up on a silent connection after a minute. */
export const HEARTBEAT_MS = 15_000;

/** Server-sent events (WHATWG HTML §9.2) of durable blocks, as text, until `signal`. */
export async function* eventStream(options: EventStreamOptions): AsyncGenerator<string> {
  const { engine, after, signal } = options;
  const tip = engine.status().height;
  const start = after ?? { height: tip, index: Number.MAX_SAFE_INTEGER };
  const oldest = Math.max(start.height, tip - MAX_BACKFILL_BLOCKS);
  yield ": galen\n\n";
  if (oldest > start.height) yield frame("gap", { from: start.height, to: oldest });
  for (let height = Math.max(oldest, 1); !signal.aborted; ) {
    if (height > engine.status().height) {
      if (!(await nextBlock(engine, height, signal))) yield ": still here\n\n";
      continue;
    }
    for (const { index, name, data } of factsOf(options, height)) {
      if (height > start.height || index > start.index) yield frame(name, data, { height, index });
    }
    height += 1;
  }
}

function frame(name: string, data: unknown, place?: Place): string {
  const id = place ? `id: ${place.height}/${place.index}\n` : "";
  return `${id}event: ${name}\ndata: ${JSON.stringify(data)}\n\n`;
}

/** True when the block is there, false after a heartbeat's time or when the stream ends. */
async function nextBlock(engine: Engine, height: number, signal: AbortSignal): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<boolean>();
  const unsubscribe = engine.subscribe(() => resolve(true));
  const timer = setTimeout(() => resolve(false), HEARTBEAT_MS);
  const end = () => resolve(false);
  signal.addEventListener("abort", end, { once: true });
  try {
    return height <= engine.status().height || (await promise);
  } finally {
    unsubscribe();
    clearTimeout(timer);
    signal.removeEventListener("abort", end);
  }
}

interface Fact {
  readonly index: number;
  readonly name: "block" | "transaction" | "release" | "proposal" | "account";
  readonly data: unknown;
}

/** The facts of a block that are wanted. Their numbers count all facts, so that they do not depend on who asks. */
function* factsOf(options: EventStreamOptions, height: number): Iterable<Fact> {
  const { engine, topics: chosen } = options;
  const [signed, results] = [engine.commit(height), engine.results(height)];
  if (!signed || !results) return; // of the past, and not fetched from other nodes yet
  const { header } = signed;
  const { txResults, appHash, events: blockEvents } = results;
  const time = toMilliseconds(header.time);
  if (chosen.has("blocks")) yield { index: 0, name: "block", data: { height, time, txs: txResults.length, appHash: bytesToHex(appHash) } };
  if (chosen.has("transactions")) yield* transactionFacts(options, height);
  const events = [...txResults.flatMap((result) => result.events), ...blockEvents];
  for (const [number, event] of events.entries()) yield* personalFacts(options, event, txResults.length + 1 + number);
}

/** What only those hear of whom it concerns. */
function* personalFacts(options: EventStreamOptions, event: LedgerEvent, index: number): Iterable<Fact> {
  const { topics: chosen, account, mayVote } = options;
  const { type, data } = event;
  if (account === undefined) return;
  if (chosen.has("releases") && (type === "vault.released" || type === "vault.refused") && data.owner === account) {
    yield { index, name: "release", data };
  }
  if (chosen.has("proposals") && type.startsWith("approvals.") && mayVote({ account, proposalId: String(data.proposalId) })) {
    yield { index, name: "proposal", data: eventJson(event) };
  }
  if (chosen.has("accounts") && type.startsWith("accounts.") && concerns(event, { ...options, account })) {
    yield { index, name: "account", data: eventJson(event) };
  }
}

/** Whether an event of the accounts names somebody, or tells of an account whose guardian that one is. */
function concerns({ data }: LedgerEvent, { account, isGuardian }: { account: string } & Pick<EventStreamOptions, "isGuardian">): boolean {
  const isNamed = Object.values(data).some((value) => (Array.isArray(value) ? value.includes(account) : value === account));
  return isNamed || (typeof data.account === "string" && isGuardian({ guardian: account, account: data.account }));
}

function* transactionFacts({ engine, crypto }: EventStreamOptions, height: number): Iterable<Fact> {
  const { txs } = engine.block(height)!.data;
  for (const [index, { code, refusal, events }] of engine.results(height)!.txResults.entries()) {
    const data = {
      txHash: bytesToHex(crypto.sha256(txs[index]!)),
      height,
      index,
      code,
      refusal: refusal ?? null,
      events: events.map(eventJson),
    };
    yield { index: index + 1, name: "transaction", data };
  }
}
