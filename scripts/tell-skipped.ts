import { existsSync } from "node:fs";
import type { Reporter, TestCase, TestModule, TestSuite } from "vitest/node";

/**
 * Vitest's reporter of what a run left out; the names say what was missing. The default one prints no name of a file without failures, and who runs the
 * tests without Go or without the vectors of others should see what that cost.
 */
export const tellSkipped: Reporter = {
  onTestRunEnd(modules) {
    const skipped = modules.flatMap((module) => skippedIn(module).map((one) => lineOf(one, module)));
    const { GALEN_TEST_DATA: folder } = process.env;
    if (folder !== undefined && !existsSync(folder)) process.stdout.write(`\nGALEN_TEST_DATA names no folder: ${folder}\n`);
    if (skipped.length > 0) process.stdout.write(`\nLeft out:\n${skipped.map((line) => `  ${line}\n`).join("")}\n`);
  },
};

/** The largest parts of a file of which everything was skipped. */
function skippedIn(parent: TestModule | TestSuite): (TestSuite | TestCase)[] {
  return [...parent.children].flatMap((child) => {
    if (child.type === "test") return child.result().state === "skipped" ? [child] : [];
    return child.state() === "skipped" ? [child] : skippedIn(child);
  });
}

function lineOf(skipped: TestSuite | TestCase, module: TestModule): string {
  const count = skipped.type === "test" ? 1 : [...skipped.children.allTests()].length;
  return `${module.relativeModuleId}: ${skipped.fullName}${count > 1 ? ` (${count} tests)` : ""}`;
}
