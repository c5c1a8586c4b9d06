import { setImmediate } from "node:timers/promises";
import type { BlockRecord } from "@galen/engines/chain/block-record";
import type { Engine } from "@galen/engines/engine";
import type { Header } from "@galen/ledger/block/header";
import { toMilliseconds } from "@galen/ledger/block/timestamp";
import { bytesToHex } from "@galen/ledger/crypto/hex";
import type { CryptoProvider } from "@galen/ledger/crypto/provider";
import { eventJson } from "./json.ts";
import { type Listener, noteDelegation, type PersonalFact, personalFactOf, personalTopics } from "./personal-facts.ts";

/** What a client can hear of. */
export const topics = ["blocks", "transactions", ...personalTopics] as const;
export type Topic = (typeof topics)[number];

/** Place of an event: its block, and its number in there. A client that returns names the last one it saw. */
export interface Place {
  readonly height: number;
  readonly index: number;
}

export interface EventStreamOptions {
  readonly engine: Pick<Engine, "status" | "subscribe" | "commit" | "results" | "block">;
  readonly crypto: Pick<CryptoProvider, "sha256">;
  readonly topics: ReadonlySet<Topic>;
  /** Who hears what concerns an account; undefined hears what everybody may. */
  readonly listener: Listener | undefined;
  /** Undefined: from the next block on. */
  readonly after: Place | undefined;
  readonly signal: AbortSignal;
}

/** Blocks that are sent again to a client that returns; who was away longer reads the lists instead. */
const MAX_BACKFILL_BLOCKS = 1_000;
/** Proxies and browsers give up on a silent connection after a minute. */
export const HEARTBEAT_MS = 15_000;
/** Stands behind everything in a block: no block has so many events. */
const LAST_INDEX = 999_999_999;

/**
 * Server-sent events (WHATWG HTML §9.2) of durable blocks, as text, until `signal`. At the beginning, and whenever there was nothing to say for a while, it names
 * the place up to which everything is told, so that who returns is not told to have missed something where nothing was.
 */
export async function* eventStream(options: EventStreamOptions): AsyncGenerator<string> {
  const { engine, after, signal } = options;
  const tip = engine.status().height;
  const start = after ?? endOf(tip);
  const oldest = Math.max(start.height, tip - MAX_BACKFILL_BLOCKS);
  yield ": galen\n\n";
  if (oldest > start.height) yield frame("gap", { from: start.height, to: oldest });
  yield placeLine(oldest > start.height ? endOf(oldest - 1) : start);
  let spokenAt = performance.now();
  const untold = start.index === LAST_INDEX ? start.height + 1 : start.height;
  for (let height = Math.max(oldest, untold, 1); !signal.aborted; ) {
    const patienceMs = spokenAt + HEARTBEAT_MS - performance.now();
    if (patienceMs <= 0) {
      yield placeLine(endOf(height - 1));
      spokenAt = performance.now();
    } else if (height > engine.status().height) {
      await nextBlock(engine, { height, patienceMs, signal });
    } else {
      const held = heldBlock(engine, height);
      for (const { index, name, data } of held ? factsOf(options, held) : []) {
        if (height === start.height && index <= start.index) continue;
        yield frame(name, data, { height, index });
        spokenAt = performance.now();
      }
      const from = height;
      height = held ? height + 1 : nextHeld(engine, height);
      if (!held) yield frame("gap", { from, to: height });
      // Of a thousand blocks perhaps nothing is told, and whoever else waits for this thread would wait for all of them.
      await setImmediate();
    }
  }
}

function endOf(height: number): Place {
  return { height, index: LAST_INDEX };
}

/** An id without data is no event, and is remembered as the last one all the same. */
function placeLine({ height, index }: Place): string {
  return `id: ${height}/${index}\n\n`;
}

function frame(name: string, data: unknown, place?: Place): string {
  const id = place ? `id: ${place.height}/${place.index}\n` : "";
  return `${id}event: ${name}\ndata: ${JSON.stringify(data)}\n\n`;
}

interface Wait {
  readonly height: number;
  readonly patienceMs: number;
  readonly signal: AbortSignal;
}

/** Resolves when the block is there, when patience is at its end, or when the stream ends. */
async function nextBlock(engine: Pick<Engine, "status" | "subscribe">, { height, patienceMs, signal }: Wait): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const unsubscribe = engine.subscribe(() => resolve());
  const timer = setTimeout(resolve, patienceMs);
  const end = () => resolve();
  signal.addEventListener("abort", end, { once: true });
  try {
    if (height > engine.status().height) await promise;
  } finally {
    unsubscribe();
    clearTimeout(timer);
    signal.removeEventListener("abort", end);
  }
}

interface Fact {
  readonly index: number;
  readonly name: "block" | "transaction" | PersonalFact["name"];
  readonly data: unknown;
}

interface HeldBlock {
  readonly height: number;
  readonly header: Header;
  readonly record: BlockRecord;
}

/** A block with what came of it; undefined for one of the past that is not fetched from other nodes yet. */
function heldBlock(engine: Pick<Engine, "commit" | "results">, height: number): HeldBlock | undefined {
  const [signed, record] = [engine.commit(height), engine.results(height)];
  return signed && record && { height, header: signed.header, record };
}

/** The height after `height` from which on blocks are held, or at which the next one comes. */
function nextHeld(engine: Pick<Engine, "status" | "commit" | "results">, height: number): number {
  let next = height + 1;
  while (next <= engine.status().height && !heldBlock(engine, next)) next += 1;
  return next;
}

/** The facts of a block that are wanted. Their numbers count all facts, so that they do not depend on who asks. */
function* factsOf(options: EventStreamOptions, { height, header, record }: HeldBlock): Iterable<Fact> {
  const { topics: chosen, listener } = options;
  const { txResults, appHash, events: blockEvents } = record;
  const time = toMilliseconds(header.time);
  if (chosen.has("blocks")) yield { index: 0, name: "block", data: { height, time, txs: txResults.length, appHash: bytesToHex(appHash) } };
  if (chosen.has("transactions")) yield* transactionFacts(options, height);
  if (!listener) return;
  const events = [...txResults.flatMap((result) => result.events), ...blockEvents];
  for (const [number, event] of events.entries()) {
    noteDelegation(event, listener);
    const fact = personalFactOf(event, listener, chosen);
    if (fact) yield { index: txResults.length + 1 + number, ...fact };
  }
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
