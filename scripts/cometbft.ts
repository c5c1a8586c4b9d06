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

/** The release to test with: the first, or the one in COMETBFT_VERSION. Throws Error on one that is none of ours. */
export function chosenVersion(text: string = process.env.COMETBFT_VERSION ?? COMETBFT_VERSIONS[0]): CometbftVersion {
  const version = COMETBFT_VERSIONS.find((known) => known === text);
  if (version) return version;
  throw new Error(`${text} is none of the releases that Galen is tested with: ${COMETBFT_VERSIONS.join(", ")}`);
}

/** Builds the release if it is not there yet, and gives its path. Throws GoMissing. */
export async function installCometbft(version: CometbftVersion = chosenVersion()): Promise<string> {
  const path = join(FOLDER, version, "cometbft");
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
