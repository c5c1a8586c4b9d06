import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const DEBIAN = "/usr/bin/chromium";

/** Test files run side by side, and apt refuses a second run beside its own: the first one installs, the others wait and find it there. */
const LOCK = join(tmpdir(), "galen-install-chromium.lock");
const INSTALL = `test -x ${DEBIAN} || (apt-get update && apt-get install -y --no-install-recommends chromium fonts-noto-cjk)`;

/** Debian's Chromium and fonts with Chinese letters; installed where that is allowed. Undefined, after saying so, where there is none. */
export function findChromium(): string | undefined {
  const given = process.env.GALEN_CHROMIUM ?? DEBIAN;
  if (existsSync(given)) return given;
  if (process.getuid?.() === 0 && existsSync("/usr/bin/apt-get") && installs()) return DEBIAN;
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
