import { afterAll, afterEach, beforeAll, describe } from "vitest";
import { findChromium } from "./chromium.ts";
import { openStage, type Stage } from "./stage.ts";

/** Long for a story, short for whoever waits for one that hangs. */
const TIMEOUT_MS = 240_000;
const chromium = findChromium("windowless");

/** The stage of a test file, with a town and a browser from its first story to its last. */
export function useStage(executablePath = chromium): Stage {
  const stage: Partial<Stage> = {};
  beforeAll(async () => {
    if (executablePath) Object.assign(stage, await openStage(executablePath));
  }, TIMEOUT_MS);
  afterEach(async ({ task }) => {
    const told = await stage.closeWindows?.(task.result?.state === "fail" ? task.name : undefined);
    if (told) console.error(told);
  }, TIMEOUT_MS);
  afterAll(() => stage.close?.(), TIMEOUT_MS);
  return stage as Stage;
}

/** Stories told in the browser; passed over, after saying so, where there is no Chromium. */
export function stories(whose: string, tell: () => void): void {
  describe.runIf(chromium)(whose, { timeout: TIMEOUT_MS }, tell);
}
