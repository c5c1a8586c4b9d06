import { describe, it } from "vitest";
import { installCometbft } from "../../scripts/cometbft.ts";
import { crashAtFailPoint, FAIL_POINTS, killAfter, tellCrashStory } from "./crash-story.ts";

/** Crashes in one story: founding a network for each would take as long as the crash. */
const POINTS = 8;
const STORIES = 8;
const KILLS = 5;
const LONGEST_LIFE_MS = 600;

describe("a validator", async () => {
  const program = await installCometbft();

  const crashes = Array.from({ length: FAIL_POINTS }, (_, index) => crashAtFailPoint(index));
  const stories = Array.from({ length: Math.ceil(FAIL_POINTS / POINTS) }, (_, story) =>
    crashes.slice(story * POINTS, (story + 1) * POINTS),
  );

  it.each(stories.map((story) => [story[0]!.name, story.at(-1)!.name, story] as const))(
    "survives everything from %s to %s",
    (_, __, story) => {
      return tellCrashStory(program, story);
    },
  );

  it.each(Array.from({ length: STORIES }, (_, index) => index))(`survives ${KILLS} kills at any moment, story %i`, () => {
    return tellCrashStory(
      program,
      Array.from({ length: KILLS }, () => killAfter(Math.random() * LONGEST_LIFE_MS)),
    );
  });
});
