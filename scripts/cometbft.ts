import { existsSync } from "node:fs";
import { mkdir, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { runGo } from "./go.ts";

/**
 * The releases that Galen is tested with, the first by default. Named one by one: "latest" would be 1.0.1, which is retracted and lacks the
 * security fixes of January 2026.
 */
export const COMETBFT_VERSIONS = ["v0.39.4", "v0.40.0"] as const;
export type CometbftVersion = (typeof COMETBFT_VERSIONS)[number];

const MODULE = "github.com/cometbft/cometbft/cmd/cometbft";
const FOLDER = join(import.meta.dirname, "..", ".cometbft");

/** Where a release's program is or will be. */
export function cometbftPath(version: CometbftVersion = COMETBFT_VERSIONS[0]): string {
  return join(FOLDER, version, "cometbft");
}

/** Builds the release if it is not there yet, and gives its path. Throws GoMissing. */
export async function installCometbft(version: CometbftVersion = COMETBFT_VERSIONS[0]): Promise<string> {
  const path = cometbftPath(version);
  if (existsSync(path)) return path;
  // Built beside its place and moved there as a whole: what stands there is complete, also when two build at once.
  const beside = join(FOLDER, `${version}.${process.pid}`);
  await mkdir(beside, { recursive: true });
  try {
    runGo(["install", `${MODULE}@${version}`], { environment: { GOBIN: beside } });
    await mkdir(join(FOLDER, version), { recursive: true });
    await rename(join(beside, "cometbft"), path);
  } finally {
    await rm(beside, { recursive: true, force: true });
  }
  return path;
}
