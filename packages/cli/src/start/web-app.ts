import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { promisify, stripVTControlCharacters } from "node:util";
import { errors } from "../errors.ts";

const BUILDER = fileURLToPath(new URL("../../../../apps/web/build/build-app.ts", import.meta.url));

/**
 * The folder of the built web app; built first when its sources have changed, in a process of its own, because the bundler is no part of a node. Undefined
 * where the app's sources or the bundler are not installed. Throws Refusal cli/WebAppNotBuilt: a service may not write where Galen is installed.
 */
export async function buildWebApp({ json = false }: { readonly json?: boolean }, builder = BUILDER): Promise<string | undefined> {
  if (!existsSync(builder) || !hasBundler()) return undefined;
  const building = promisify(execFile)(process.execPath, [builder]);
  if (!json) building.child.stderr?.pipe(process.stderr);
  try {
    return (await building).stdout.trim();
  } catch (error) {
    throw errors.WebAppNotBuilt({ reason: reasonOf((error as { readonly stderr: string }).stderr) });
  }
}

/** The line that names the error: Node's, or the first of the bundler's, such as `[MISSING_EXPORT]`; else the last. */
function reasonOf(stderr: string): string {
  const lines = stripVTControlCharacters(stderr).trim().split("\n");
  return lines.find((line) => /^(\w*Error: |\[[A-Z_]+\])/.test(line)) ?? lines.at(-1)!;
}

function hasBundler(): boolean {
  try {
    import.meta.resolve("vite");
    return true;
  } catch {
    return false;
  }
}
