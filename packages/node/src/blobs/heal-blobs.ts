import { setTimeout as sleep } from "node:timers/promises";
import type { Ledger } from "@galen/ledger/app/ledger";
import { Refusal } from "@galen/ledger/app/refusal";
import { bytesToHex } from "@galen/ledger/crypto/hex";
import type { KeyValueStore } from "@galen/ledger/store/kv";
import { StoreError } from "@galen/ledger/store/store-error";
import type { Identity } from "../identity.ts";
import type { Logger } from "../logger.ts";
import { isNode } from "../peers/known-nodes.ts";
import type { Peers } from "../peers/peers.ts";
import type { BlobStore } from "./blob-store.ts";
import { fetchBlobs, MAX_FETCHED } from "./fetch-blobs.ts";
import { readCursor, writeCursor } from "./heal-cursor.ts";
import { rememberLost } from "./lost-blobs.ts";
import { addressesAfter, isErased, isNamed } from "./named-blobs.ts";

/** What the healer has done since the node started. */
export interface BlobHealing {
  /** `waiting`: the ledger does not know this node yet, so that no other one gives it blobs. */
  readonly state: "waiting" | "checking" | "complete";
  /** Blobs that were read and compared with their address. */
  readonly checked: number;
  readonly repaired: number;
  /** First and last address, in their order, that was repaired. */
  readonly repairedFrom: string | undefined;
  readonly repairedTo: string | undefined;
  /** Named by the ledger, held by no node that answers. */
  readonly lost: number;
}

/** Keeps the blob store whole: what the ledger names is there and undamaged, or known to be lost. */
export interface BlobHealer {
  /** Looks for blobs that a committed transaction names and that are not held. Returns at once. */
  want(addresses: readonly string[]): void;
  /** The blob, from a peer if it is not here or damaged. Throws Refusal blobs/NotHeld, blobs/Corrupt when nobody has it. */
  get(address: string): Promise<Uint8Array>;
  status(): BlobHealing;
  /** Resolves when everything that is wanted has been looked for, and the round under way is over. */
  settled(): Promise<void>;
  stop(): Promise<void>;
}

export interface BlobHealerOptions extends Pick<Identity, "crypto" | "now" | "validator"> {
  readonly ledger: Pick<Ledger, "read">;
  /** The ledger's own store, whose state names the blobs. */
  readonly state: Pick<KeyValueStore, "range">;
  readonly blobs: BlobStore;
  /** The blob store's own; holds how far the present round has come. */
  readonly kv: KeyValueStore;
  readonly peers: Pick<Peers, "met" | "list" | "nodes" | "refresh" | "ask">;
  readonly logger: Pick<Logger, "info" | "warn">;
  readonly report: (error: unknown) => void;
}

/** A round reads every blob: once a day finds damage before the other copies are gone. */
const ROUND_MS = 86_400_000;
/** How fast a round reads, so that a disk still serves: 32 MiB a second. */
const BYTES_PER_MS = 33_554;
/** How often a node that the ledger does not know looks whether it does by now. */
const WAIT_MS = 2_000;
/** After a round that failed. */
const RETRY_MS = 3_600_000;

/** Starts healing: a round over all that the ledger names goes on where the last one stopped. */
export function startBlobHealer(options: BlobHealerOptions): BlobHealer {
  const { ledger, blobs, kv, peers, logger, now, report } = options;
  const isStillNamed = (address: string) => isNamed(ledger.read(), address);
  const look = (addresses: readonly string[]) => {
    wants = wants
      .then(() => fetchNamed(addresses))
      .catch((error: unknown) => {
        report(error);
        // A full disk may have room again; a state that cannot be read cannot tell either what is still wanted.
        if (!(error instanceof StoreError)) lost.settle(addresses, addresses);
      });
  };
  const lost = rememberLost({ now, look });
  const done = { checked: 0, repaired: 0, from: undefined as string | undefined, to: undefined as string | undefined };
  let isStopped = false;
  // What is wanted now does not wait for a round, which may take hours.
  let wants: Promise<unknown> = Promise.resolve();
  let rounds: Promise<unknown> = Promise.resolve();
  let timer: NodeJS.Timeout | undefined;
  let isChecking = readCursor(kv).endedAt === 0;
  const isKnown = () => isNode(ledger.read(), bytesToHex(options.validator.publicKey));

  async function keep(found: readonly Uint8Array[]): Promise<void> {
    await blobs.restore(found);
    done.repaired += found.length;
  }

  /** Resolves with what nobody has. A peer that was away may be back: it is looked for again before anything counts as lost. */
  async function askPeers(addresses: readonly string[]): Promise<string[]> {
    const ask = (wanted: readonly string[]) => fetchBlobs({ peers, sha256: options.crypto.sha256, addresses: wanted, keep });
    const missing = await ask(addresses);
    if (missing.length === 0 || peers.list().every(({ isReachable }) => isReachable)) return missing;
    await peers.refresh();
    return ask(missing);
  }

  /** Fetches what is still named; what was erased meanwhile goes again. */
  async function fetchNamed(addresses: readonly string[]): Promise<void> {
    const due = addresses.filter(isStillNamed);
    if (due.length === 0) return void lost.settle(addresses, []);
    await peers.met();
    const before = done.repaired;
    const missing = await askPeers(due);
    const erased = due.filter((address) => !isStillNamed(address));
    if (erased.length > 0) await blobs.delete(erased);
    tell({ due, missing, unknown: lost.settle(addresses, missing) }, done.repaired - before);
  }

  function tell({ due, missing, unknown }: Record<"due" | "missing" | "unknown", readonly string[]>, count: number): void {
    const found = due.filter((address) => !missing.includes(address)).sort();
    if (count > 0) {
      const [from, to] = [found[0]!, found.at(-1)!];
      done.from = done.from === undefined || from < done.from ? from : done.from;
      done.to = done.to === undefined || to > done.to ? to : done.to;
      logger.info({ from, to, blobs: count }, "repaired blobs from other nodes");
    }
    if (unknown.length > 0)
      logger.warn({ first: unknown[0], blobs: unknown.length }, "no node that answers has blobs that the ledger names");
  }

  /** The addresses among these whose bytes are not here, or damaged. The others stay, also where no block that was seen here names them. */
  async function unsound(addresses: readonly string[]): Promise<string[]> {
    const bad: string[] = [];
    for (const address of addresses) {
      if (isStopped || !isStillNamed(address)) continue;
      const bytes = await soundBytes(blobs, address);
      done.checked += 1;
      if (bytes) await sleep(bytes.length / BYTES_PER_MS);
      else bad.push(address);
    }
    await blobs.reference(addresses.filter(isStillNamed));
    return bad;
  }

  async function round(): Promise<void> {
    if (!isKnown()) return schedule(WAIT_MS);
    isChecking = true;
    for (let cursor = readCursor(kv); !isStopped; ) {
      const addresses = await addressesAfter(options.state, cursor.after, MAX_FETCHED);
      await fetchNamed((await unsound(addresses)).filter(lost.isDue));
      if (isStopped) return;
      cursor = addresses.length < MAX_FETCHED ? { after: "", endedAt: now() } : { after: addresses.at(-1)!, endedAt: 0 };
      await writeCursor(kv, cursor);
      if (cursor.endedAt !== 0) break;
    }
    // Names cannot be listed past a record that the disk has altered, and where nobody has its blob it stays so: all else is done all the same.
    await dropErased({ ledger, blobs, isStopped: () => isStopped }).catch(report);
    isChecking = false;
    schedule(ROUND_MS);
  }

  function schedule(delayMs: number): void {
    clearTimeout(timer);
    if (isStopped) return;
    timer = setTimeout(() => {
      rounds = rounds.then(round).catch((error: unknown) => {
        report(error);
        schedule(RETRY_MS);
      });
    }, delayMs);
  }

  schedule(Math.max(0, readCursor(kv).endedAt + ROUND_MS - now()));
  return {
    want(addresses) {
      // The round to come finds these, too: it goes by the whole state.
      if (!isKnown()) return schedule(WAIT_MS);
      look(addresses.filter(lost.isDue));
    },
    async get(address) {
      try {
        return await blobs.get(address);
      } catch (error) {
        if (!(error instanceof Refusal) || !isKnown()) throw error;
        // What cannot be fetched now, as on a full disk, is not held, whatever the reason.
        await fetchNamed([address].filter(lost.isDue)).catch(report);
        return blobs.get(address);
      }
    },
    status: () => ({
      state: !isKnown() ? "waiting" : isChecking ? "checking" : "complete",
      checked: done.checked,
      repaired: done.repaired,
      repairedFrom: done.from,
      repairedTo: done.to,
      lost: lost.count,
    }),
    async settled() {
      await Promise.all([wants, rounds]);
    },
    async stop() {
      isStopped = true;
      clearTimeout(timer);
      lost.stop();
      await Promise.all([wants, rounds]);
    },
  };
}

async function soundBytes(blobs: BlobStore, address: string): Promise<Uint8Array | undefined> {
  try {
    return await blobs.get(address);
  } catch (error) {
    if (error instanceof Refusal) return undefined;
    throw error;
  }
}

/** What an old backup has brought back although the ledger has erased it since. */
async function dropErased({ ledger, blobs, isStopped }: Pick<BlobHealerOptions, "ledger" | "blobs"> & { isStopped: () => boolean }) {
  for (let after = ""; !isStopped(); ) {
    const addresses = await blobs.namedAfter(after, MAX_FETCHED);
    const ctx = ledger.read();
    const erased = addresses.filter((address) => isErased(ctx, address));
    if (erased.length > 0) await blobs.delete(erased);
    if (addresses.length < MAX_FETCHED) return;
    after = addresses.at(-1)!;
  }
}
