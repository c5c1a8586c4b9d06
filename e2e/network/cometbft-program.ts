import { describe } from "vitest";
import { installCometbft } from "../../scripts/cometbft.ts";
import { GoMissing } from "../../scripts/go.ts";

/** The cometbft program, built when it is not there yet; undefined without Go, except on CI, where nothing may be left out. */
export const cometbftProgram = await installCometbft().catch((error: unknown) => {
  if (error instanceof GoMissing && process.env.CI !== "true") return undefined;
  throw error;
});

/** Tests that need CometBFT. Without Go they are skipped, which the name says, and counted as skipped. */
export function describeWithCometbft(name: string, tests: () => void | Promise<void>): void {
  if (cometbftProgram === undefined) describe.skip(`${name} (skipped: CometBFT is built with Go 1.25 or newer, and there is no Go)`, tests);
  else describe(name, tests);
}
