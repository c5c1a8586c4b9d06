import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";

const DEBIAN = "/usr/bin/chromium";

/** Debian's Chromium and fonts with Chinese letters; installed where that is allowed. Undefined, after saying so, where there is none. */
export function findChromium(): string | undefined {
  const given = process.env.GALEN_CHROMIUM ?? DEBIAN;
  if (existsSync(given)) return given;
  if (process.getuid?.() === 0 && existsSync("/usr/bin/apt-get")) {
    const options = { stdio: "ignore", env: { ...process.env, DEBIAN_FRONTEND: "noninteractive" } } as const;
    execFileSync("apt-get", ["update"], options);
    execFileSync("apt-get", ["install", "-y", "--no-install-recommends", "chromium", "fonts-noto-cjk"], options);
    return DEBIAN;
  }
  const missing = "no Chromium: install Debian's package chromium (and fonts-noto-cjk), or name one in GALEN_CHROMIUM";
  if (process.env.CI) throw new Error(missing);
  console.warn(`The stories in the browser are skipped: ${missing}.`);
  return undefined;
}
