import { expect, it } from "vitest";
import * as surface from "./index.ts";

it("offers this and nothing else", () => {
  expect(Object.keys(surface).toSorted()).toEqual([
    "ChainError",
    "defaultSettings",
    "errors",
    "openChainStore",
    "openEmbeddedEngine",
    "openLastSignedFiles",
    "replayChain",
    "verifyChain",
  ]);
});
