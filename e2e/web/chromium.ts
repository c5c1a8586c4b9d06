import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Debian's builds. The one without windows takes a quarter less processor time for the same pages, and has no viewer of PDF files. */
const builds = { whole: "/usr/bin/chromium", windowless: "/usr/bin/chromium-headless-shell" } as const;

/** Test files run side by side, and apt refuses a second run beside its own: the first one installs, the others wait and find it there. */
const LOCK = join(tmpdir(), "galen-install-chromium.lock");
const PACKAGES = "chromium chromium-headless-shell fonts-noto-cjk";
const INSTALL = `test -x ${builds.whole} -a -x ${builds.windowless} || (apt-get update && apt-get install -y --no-install-recommends ${PACKAGES})`;

/**
 * A build of Debian's Chromium, or the whole one in its place; installed, with fonts that have Chinese letters, where that is allowed. Undefined, after
 * saying so, where there is none.
 */
export function findChromium(build: keyof typeof builds = "whole"): string | undefined {
  const there = [process.env.GALEN_CHROMIUM ?? builds[build], builds.whole].find(existsSync);
  if (there !== undefined) return there;
  if (process.getuid?.() === 0 && existsSync("/usr/bin/apt-get") && installs()) return builds[build];
  const missing = "no Chromium: install Debian's package chromium (and fonts-noto-cjk), or name one in GALEN_CHROMIUM";
  if (process.env.CI) throw new Error(missing);
  console.warn(`The stories in the browser are skipped: ${missing}.`);
  return undefined;
}

/** False, after saying so, where apt cannot: without a connection, say. */
function installs(): boolean {
  try {
    const options = { stdio: "ignore", env: { ...process.env, DEBIAN_FRONTEND: "noninteractive" } } as const;
    execFileSync("flock", [LOCK, "sh", "-c", INSTALL], options);
    return true;
  } catch (error) {
    console.warn(`Chromium could not be installed: ${(error as Error).message}`);
    return false;
  }
}
