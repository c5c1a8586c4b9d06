import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect } from "vitest";
import { type GalenNetwork, type GalenRun, runGalen } from "./galen-process.ts";
import { startTown } from "./sample-town.ts";

/** Long for a verb, short for whoever waits for one that hangs. */
const TIMEOUT_MS = 300_000;

type Environment = Readonly<Record<string, string>>;

/** The command line in front of a sample town. The functions may be taken apart from it before the town is there. */
export interface Terminal {
  readonly network: GalenNetwork;
  /** Holds the town in `data`, and what tests make. */
  readonly folder: string;
  /** Runs a verb in the town's wallet. */
  galen(args: readonly string[], environment?: Environment): Promise<GalenRun>;
  /** Runs a verb that must succeed and say nothing on standard error, and gives what it printed as JSON. */
  answer<T>(...args: readonly string[]): Promise<T>;
  /** Runs a verb that must be refused, and gives the refusal. */
  refusal(args: readonly string[], environment?: Environment): Promise<Refusal>;
}

interface Refusal {
  readonly id: string;
  readonly sentence: string;
  readonly details: Readonly<Record<string, unknown>>;
}

/** The terminal of a test file, from its first test to its last. */
export function useTerminal(): Terminal {
  let [folder, network]: [string?, GalenNetwork?] = [];
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "galen-cli-"));
    network = await startTown(join(folder, "data"));
  }, TIMEOUT_MS);
  afterAll(async () => {
    await network!.kill();
    await rm(folder!, { recursive: true, force: true });
  });

  const galen = (args: readonly string[], environment: Environment = {}) =>
    runGalen(args, { GALEN_URL: network!.url, GALEN_WALLET: join(folder!, "data", "wallet"), ...environment });

  return {
    get network() {
      return network!;
    },
    get folder() {
      return folder!;
    },
    galen,
    async answer<T>(...args: readonly string[]) {
      const { code, stdout, stderr } = await galen([...args, "--json"]);
      expect(stderr, args.join(" ")).toBe("");
      expect(code, stdout).toBe(0);
      return JSON.parse(stdout) as T;
    },
    async refusal(args, environment) {
      const { code, stdout } = await galen([...args, "--json"], environment);
      expect([1, 2], stdout).toContain(code);
      return (JSON.parse(stdout) as { error: Refusal }).error;
    },
  };
}
