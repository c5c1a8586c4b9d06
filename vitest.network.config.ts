import { defineConfig } from "vitest/config";

/** `npm run test:network`: what takes too long for every change, such as each of CometBFT's fail points. One at a time: each runs several nodes. */
export default defineConfig({
  test: {
    include: ["e2e/**/*.long.ts"],
    globalSetup: "scripts/require-node.ts",
    allowOnly: false,
    maxWorkers: 1,
    fileParallelism: false,
    testTimeout: 300_000,
    hookTimeout: 120_000,
  },
});
