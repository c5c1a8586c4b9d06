import type { Config } from "@galen/node";

let underTest: Partial<Config> = {};

/** Lets the networks that tests found from now on in this process order by CometBFT, at the given program, alone. */
export function useCometbft(program: string): void {
  underTest = lonelyCometbft(program);
}

/** Settings of the engine under test, for a network of one node. */
export function engineSettings(): Partial<Config> {
  return underTest;
}

/** CometBFT for a network of one: on any free port, with fresh block time. */
export function lonelyCometbft(program: string): Partial<Config> {
  return { engine: "cometbft", cometbftBinary: program, p2pHost: "127.0.0.1", p2pPort: 0, cometbftEmptyBlockIntervalMs: 300 };
}
