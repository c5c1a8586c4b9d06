import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const BUILDER = fileURLToPath(new URL("../../../../apps/web/build/build-app.ts", import.meta.url));

/**
 * The folder of the built web app; built first when its sources have changed, in a process of its own, because the bundler is no part of a node. Undefined
 * where the app's sources or the bundler are not installed.
 */
export async function buildWebApp({ json = false }: { readonly json?: boolean }): Promise<string | undefined> {
  if (!existsSync(BUILDER) || !hasBundler()) return undefined;
  const building = promisify(execFile)(process.execPath, [BUILDER]);
  if (!json) building.child.stderr?.pipe(process.stderr);
  return (await building).stdout.trim();
}

function hasBundler(): boolean {
  try {
    import.meta.resolve("vite");
    return true;
  } catch {
    return false;
  }
}
