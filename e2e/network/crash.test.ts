import { it } from "vitest";
import { cometbftProgram, describeWithCometbft } from "./cometbft-program.ts";
import { crashAtFailPoint, killAfter, tellCrashStory } from "./crash-story.ts";

// All of CometBFT's fail points, and more kills, are in crash.long.ts.
describeWithCometbft("a validator", () => {
  it("loses nothing when CometBFT crashes between its writes", { timeout: 120_000 }, () => {
    return tellCrashStory(cometbftProgram!, [5, 8].map(crashAtFailPoint));
  });

  it("loses nothing when it is killed itself", { timeout: 120_000 }, () => {
    return tellCrashStory(cometbftProgram!, [130].map(killAfter));
  });
});
