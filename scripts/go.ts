import { execFileSync } from "node:child_process";

/** Go is missing; the message says what for and where to get it. */
export class GoMissing extends Error {
  override readonly name = "GoMissing";
}

/** Runs the `go` command, without C, and shows what it says. Throws GoMissing when there is none. */
export function runGo(
  args: readonly string[],
  { cwd, environment = {} }: { cwd?: string; environment?: Record<string, string> } = {},
): void {
  try {
    execFileSync("go", args, {
      ...(cwd === undefined ? {} : { cwd }),
      env: { ...process.env, CGO_ENABLED: "0", ...environment },
      stdio: "inherit",
    });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") {
      throw new GoMissing("this needs Go 1.25 or newer, and there is no `go` command; see https://go.dev/doc/install");
    }
    throw error;
  }
}
