import { describe, it } from "vitest";
import { installCometbft } from "../../scripts/cometbft.ts";
import { crashAtFailPoint, FAIL_POINTS, killAfter, tellCrashStory } from "./crash-story.ts";

const KILLS = 40;
const LONGEST_LIFE_MS = 600;

describe("a validator", async () => {
  const program = await installCometbft();

  it(`survives each of CometBFT's fail points, 0 to ${FAIL_POINTS - 1}`, () => {
    return tellCrashStory(
      program,
      Array.from({ length: FAIL_POINTS }, (_, index) => crashAtFailPoint(index)),
    );
  });

  it(`survives ${KILLS} kills at any moment`, () => {
    return tellCrashStory(
      program,
      Array.from({ length: KILLS }, () => killAfter(Math.random() * LONGEST_LIFE_MS)),
    );
  });
});
