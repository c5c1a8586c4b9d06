import { availableParallelism } from "node:os";
import type { Command } from "commander";
import { parseCount } from "../choices.ts";
import { errors } from "../errors.ts";
import { mine } from "../mining/mine.ts";
import { actorOf, openSession } from "../session.ts";
import { count } from "../terminal/answer.ts";
import { createProgress } from "../terminal/progress.ts";
import { addVerb } from "../verb.ts";

interface MineFlags {
  readonly as: string;
  readonly solutions: string;
  readonly seconds: string;
  readonly threads?: string;
}

/** More help no machine that one person has. */
const MAX_THREADS = 64;

/** `galen mine`. */
export function addMine(program: Command): void {
  addVerb<MineFlags>(program, {
    usage: "mine",
    summary: "Search solutions of the puzzle for an organisation's node and submit them, while work gives voting power.",
    example: 'galen mine --as "Sampleton General Hospital" --solutions 10 --seconds 60',
    options: (command) =>
      command
        .requiredOption("--as <organisation>", "for whose node; signs")
        .option("--solutions <number>", "stop after so many", "10")
        .option("--seconds <number>", "stop after so long", "60")
        .option("--threads <number>", "threads that search; by default one less than the machine has cores"),
    async run({ as, solutions, seconds, threads, json, ...options }) {
      // Solutions are signed as they are found, without end: progress is shown, and not each act.
      const { client, wallet } = await openSession(options);
      const actor = await actorOf({ wallet }, as);
      const progress = createProgress({ silent: json });
      const wanted = parseCount("--solutions", solutions);
      const mined = await mine(client, {
        actor,
        solutions: wanted,
        seconds: parseCount("--seconds", seconds),
        threads: threadsOf(threads),
        report: (submitted) => progress.report(submitted, wanted, "solutions"),
      });
      progress.end();
      const hashesPerSecond = Math.round(mined.hashes / mined.seconds);
      const facts = `${mined.hashes.toLocaleString("en")} hashes in ${mined.seconds.toFixed(1)} s, ${hashesPerSecond.toLocaleString("en")} a second`;
      return { json: { ...mined, hashesPerSecond }, text: `${count(mined.solutions, "solution")} on the ledger; ${facts}.` };
    },
  });
}

function threadsOf(text: string | undefined): number {
  if (text === undefined) return Math.min(MAX_THREADS, Math.max(1, availableParallelism() - 1));
  const threads = parseCount("--threads", text);
  if (threads > MAX_THREADS) throw errors.BadValue({ option: "--threads", value: text, reason: `at most ${MAX_THREADS}` });
  return threads;
}
