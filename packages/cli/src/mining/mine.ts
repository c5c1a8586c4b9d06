import { setTimeout as sleep } from "node:timers/promises";
import { MAX_SOLUTIONS, type NodeStatus, type Puzzle } from "@galen/ledger/modules/validators/schema";
import type { Client } from "@galen/sdk/client/client";
import { GalenError } from "@galen/sdk/client/galen-error";
import { query } from "@galen/sdk/client/query";
import type { OwnAccount } from "@galen/sdk/transactions/own-account";
import { submit } from "@galen/sdk/transactions/submit";
import { openSearchThreads, type SearchThreads } from "./search-threads.ts";

export interface MiningOptions {
  /** The organisation for whose node the solutions count. */
  readonly actor: OwnAccount;
  readonly solutions: number;
  readonly seconds: number;
  readonly threads: number;
  /** Called after each round. */
  readonly report: (submitted: number) => void;
}

/** What mining came to. */
export interface Mined {
  /** Solutions that the ledger counts. */
  readonly solutions: number;
  readonly hashes: number;
  readonly seconds: number;
  /** Rounds whose solutions came too late, because the epoch had turned or was full. */
  readonly lateRounds: number;
}

interface PuzzleStatus {
  readonly puzzle: Puzzle;
  readonly epoch: number;
  readonly lastNonce?: number;
}

/** Nonces of one round and thread: short enough that an epoch that turns is seen soon. */
const ROUND_NONCES = 100_000;
/** While an epoch takes no more, its end is awaited. */
const FULL_PAUSE_MS = 500;
/** Refusals that mean that the puzzle is another by now. */
const late: readonly string[] = ["validators/WrongSolution", "validators/NotAscending", "validators/EpochFull"];

/** Searches and submits solutions until there are as many as wanted, or the time is over. Rejects with the ledger's refusals. */
export async function mine(client: Client, options: MiningOptions): Promise<Mined> {
  const threads = openSearchThreads(options.threads);
  try {
    return await mineWith(threads, client, options);
  } finally {
    await threads.close();
  }
}

async function mineWith(threads: SearchThreads, client: Client, options: MiningOptions): Promise<Mined> {
  const { actor, seconds, report } = options;
  const startedAt = performance.now();
  const elapsed = () => (performance.now() - startedAt) / 1_000;
  const { result: own } = await query<NodeStatus>(client, "validators.node", { organisation: actor.account });
  const range = ROUND_NONCES * options.threads;
  let [solutions, hashes, lateRounds] = [0, 0, 0];
  let next = { challenge: "", nonce: 0 };
  while (solutions < options.solutions && elapsed() < seconds) {
    const { result: status } = await query<PuzzleStatus>(client, "validators.puzzle", { organisation: actor.account });
    const { challenge, difficulty } = status.puzzle;
    if (challenge !== next.challenge) next = { challenge, nonce: (status.lastNonce ?? -1) + 1 };
    const search = { challenge, difficulty, publicKey: own.node.publicKey, from: next.nonce, to: next.nonce + range };
    const found = (await threads.search(search)).slice(0, options.solutions - solutions);
    hashes += range;
    next = { challenge, nonce: next.nonce + range };
    const outcome = await submitAll(client, actor, found);
    solutions += outcome.counted;
    if (outcome.refusal !== undefined) lateRounds += 1;
    if (outcome.refusal === "validators/EpochFull") await sleep(FULL_PAUSE_MS);
    report(solutions);
  }
  return { solutions, hashes, seconds: elapsed(), lateRounds };
}

/** Submits solutions in their order, as many in a message as it takes; ends at the first that comes too late. */
async function submitAll(client: Client, actor: OwnAccount, found: readonly number[]): Promise<{ counted: number; refusal?: string }> {
  let counted = 0;
  for (let at = 0; at < found.length; at += MAX_SOLUTIONS) {
    const nonces = found.slice(at, at + MAX_SOLUTIONS);
    const message = { type: "validators.solve", value: { organisation: actor.account, nonces } };
    try {
      await submit(client, { actors: [actor], messages: [message] });
    } catch (error) {
      if (error instanceof GalenError && late.includes(error.id)) return { counted, refusal: error.id };
      throw error;
    }
    counted += nonces.length;
  }
  return { counted };
}
