import type { Command } from "commander";
import { errors } from "./errors.ts";
import type { SessionOptions } from "./session.ts";
import { type Answer, printAnswer } from "./terminal/answer.ts";
import { fail } from "./terminal/failure.ts";

/** Options that every verb takes. */
export type VerbOptions = SessionOptions;

export interface Verb<O> {
  /** As commander reads it, with its arguments: `show <record>`. */
  readonly usage: string;
  readonly summary: string;
  /** A command line that works in the sample town. */
  readonly example: string;
  /** Adds the verb's own options. */
  readonly options?: (command: Command) => Command;
  /** Arguments come in the order of `usage`, those of a list one by one. Rejects with what `failureOf` can tell. */
  readonly run: (options: O & VerbOptions, ...args: string[]) => Promise<Answer>;
}

export const DEFAULT_URL = "http://127.0.0.1:8080";
export const DEFAULT_WALLET = "data/wallet";

/** Adds a verb to a group of verbs. */
export function addVerb<O>(group: Command, { usage, summary, example, options = (command) => command, run }: Verb<O>): void {
  const command = options(group.command(usage).description(summary))
    .option("--json", "print one JSON value and nothing else")
    .option("--url <url>", "address of the node", process.env.GALEN_URL ?? DEFAULT_URL)
    .option("--wallet <folder>", "folder of keys and address book", process.env.GALEN_WALLET ?? DEFAULT_WALLET)
    .addHelpText("after", `\nExample:\n  ${example}`);
  setAction(command, async (...args) => {
    const settings = { json: false, ...command.opts<O & VerbOptions>() };
    printAnswer(await run(settings, ...args), settings);
  });
}

/**
 * What a command does, all its options added, once they are known to be read as they were meant. Arguments come one by one. A refusal ends the process after a
 * sentence; never with a stack trace.
 */
export function setAction(command: Command, act: (...args: string[]) => Promise<void>): void {
  const repeated = watchRepetitions(command);
  command.action(async (...given: unknown[]) => {
    const args = given
      .slice(0, -2)
      .flat()
      .filter((argument) => typeof argument === "string");
    try {
      requireValues(command);
      const [twice] = repeated;
      if (twice !== undefined) throw errors.BadValue({ option: twice, reason: "it stands here twice; give it once" });
      await act(...args);
    } catch (error) {
      fail(error, { json: asksForJson(command) });
    }
  });
}

/** Whether --json stands on the line, also where the option before it took it for its value. */
function asksForJson(command: Command): boolean {
  const { json, ...others } = command.opts<Record<string, unknown>>();
  return json === true || Object.values(others).flat().includes("--json");
}

/** Options that take one value and are given several, as the line is read: of two patients the last would count, and nobody would hear of the first. */
function watchRepetitions(command: Command): readonly string[] {
  const repeated: string[] = [];
  for (const option of command.options.filter(({ variadic, required, optional }) => !variadic && (required || optional))) {
    let isGiven = false;
    command.on(`option:${option.name()}`, () => {
      if (isGiven) repeated.push(option.flags);
      isGiven = true;
    });
  }
  return repeated;
}

/** Refuses an option whose value was left out, so that the option after it was taken for one: `--purpose --json`. Throws Refusal cli/BadValue. */
function requireValues(command: Command): void {
  const names = new Set<unknown>(command.options.map(({ long }) => long));
  for (const option of command.options) {
    const taken = [command.getOptionValue(option.attributeName())].flat().find((value) => names.has(value));
    if (taken !== undefined) throw errors.BadValue({ option: option.flags, reason: `a value is missing before ${String(taken)}` });
  }
}
