import { GalenError } from "@galen/sdk/client/galen-error";
import { expect, it } from "vitest";
import { isInDoubt } from "./in-doubt.ts";

it.each([
  ["client/Unreachable", 503, true],
  ["client/TimedOut", 504, true],
  // A proxy before the node.
  ["client/UnexpectedAnswer", 502, true],
  ["api/Internal", 500, true],
  ["vault/NotOwner", 403, false],
  ["tx/Replayed", 409, false],
  // What was sent again to a node that is busy or shuts down may have come the first time.
  ["engine/PoolFull", 503, true],
  ["engine/Stopping", 503, true],
  ["api/TooManyRequests", 429, true],
])("whether %s with %i leaves in doubt what was sent: %s", (id, status, isDoubtful) => {
  expect(isInDoubt(new GalenError({ id, status, sentence: "" }))).toBe(isDoubtful);
});
