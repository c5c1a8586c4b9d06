import { defineConfig } from "vitest/config";
import { tellSkipped } from "./scripts/tell-skipped.ts";

export default defineConfig({
  test: {
    include: ["packages/**/*.test.ts", "apps/**/*.test.ts", "scripts/**/*.test.ts", "e2e/**/*.test.ts", "examples/**/*.test.ts"],
    globalSetup: ["scripts/require-node.ts", "e2e/town-folder.ts"],
    reporters: ["default", tellSkipped],
    allowOnly: false,
    maxWorkers: 2,
    testTimeout: 60_000,
    hookTimeout: 60_000,
    // Of Vitest's own one second, a page on a busy machine takes more.
    expect: { poll: { timeout: 30_000 } },
  },
});
