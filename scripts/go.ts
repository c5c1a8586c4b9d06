import { type ExecFileSyncOptions, execFileSync } from "node:child_process";

/** Go is missing; the message says what for and where to get it. */
export class GoMissing extends Error {
  override readonly name = "GoMissing";
}

/** Runs the `go` command, without C, and shows what it says. Throws GoMissing when there is none. */
export function runGo(
  args: readonly string[],
  { cwd, environment = {} }: { cwd?: string; environment?: Record<string, string> } = {},
): void {
  go(args, { ...(cwd === undefined ? {} : { cwd }), env: { ...process.env, CGO_ENABLED: "0", ...environment }, stdio: "inherit" });
}

/** Folder of the source of a module, which Go downloads if it is not there and checks against its sum; only to be read. Throws GoMissing. */
export function goModuleFolder(module: string): string {
  const answer = go(["mod", "download", "-json", module], { stdio: ["ignore", "pipe", "inherit"] });
  return (JSON.parse(String(answer)) as { readonly Dir: string }).Dir;
}

function go(args: readonly string[], options: ExecFileSyncOptions): string | Buffer {
  try {
    return execFileSync("go", args, options);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") {
      throw new GoMissing("this needs Go 1.25 or newer, and there is no `go` command; see https://go.dev/doc/install");
    }
    throw error;
  }
}
