import { describe, it } from "vitest";
import { installCometbft } from "../../scripts/cometbft.ts";
import { crashAtFailPoint, FAIL_POINTS, killAfter, tellCrashStory } from "./crash-story.ts";

const STORIES = 8;
const KILLS = 5;
const LONGEST_LIFE_MS = 600;

describe("a validator", async () => {
  const program = await installCometbft();

  it.each(Array.from({ length: FAIL_POINTS }, (_, index) => index))("survives CometBFT's fail point %i", (index) => {
    return tellCrashStory(program, [crashAtFailPoint(index)]);
  });

  it.each(Array.from({ length: STORIES }, (_, index) => index))(`survives ${KILLS} kills at any moment, story %i`, () => {
    return tellCrashStory(
      program,
      Array.from({ length: KILLS }, () => killAfter(Math.random() * LONGEST_LIFE_MS)),
    );
  });
});
