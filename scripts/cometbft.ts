import { existsSync } from "node:fs";
import { chmod, cp, mkdir, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { goModuleFolder, runGo } from "./go.ts";

/**
 * The releases that Galen is tested with, the first by default. Named one by one: "latest" would be 1.0.1, which is retracted and lacks the
 * security fixes of January 2026.
 */
export const COMETBFT_VERSIONS = ["v0.39.4", "v0.40.0"] as const;
export type CometbftVersion = (typeof COMETBFT_VERSIONS)[number];

const MODULE = "github.com/cometbft/cometbft";
const FOLDER = join(import.meta.dirname, "..", ".cometbft");

/**
 * The socket to the application waits 20 ns (the constant has no unit) until it sends what it has gathered, and whenever the sender is not waiting at just that
 * moment, it tries again 20 ns later: where cores are short, each check of a transaction keeps one busy until the sender gets its turn.
 * See docs/decisions/0013-one-line-of-cometbft.md.
 */
const CORRECTION = {
  file: join("abci", "client", "socket_client.go"),
  released: `timer.NewThrottleTimer("socketClient", flushThrottleMS)`,
  corrected: `timer.NewThrottleTimer("socketClient", time.Millisecond)`,
};

/** The release to test with: the first, or the one in COMETBFT_VERSION. Throws Error on one that is none of ours. */
export function chosenVersion(text: string = process.env.COMETBFT_VERSION ?? COMETBFT_VERSIONS[0]): CometbftVersion {
  const version = COMETBFT_VERSIONS.find((known) => known === text);
  if (version) return version;
  throw new Error(`${text} is none of the releases that Galen is tested with: ${COMETBFT_VERSIONS.join(", ")}`);
}

/**
 * Builds the release if it is not there yet, and gives its path: with the correction, or just as it was released if COMETBFT_AS_RELEASED is set.
 * Throws GoMissing.
 */
export async function installCometbft(version: CometbftVersion = chosenVersion()): Promise<string> {
  const isCorrected = process.env.COMETBFT_AS_RELEASED === undefined;
  const folder = join(FOLDER, isCorrected ? `${version}-corrected` : version);
  const path = join(folder, "cometbft");
  if (existsSync(path)) return path;
  // Built beside its place and moved there as a whole: what stands there is complete, also when two build at once.
  const beside = `${folder}.${process.pid}`;
  await mkdir(beside, { recursive: true });
  try {
    if (isCorrected) await buildCorrected(version, beside);
    else runGo(["install", `${MODULE}/cmd/cometbft@${version}`], { environment: { GOBIN: beside } });
    await mkdir(folder, { recursive: true });
    await rename(join(beside, "cometbft"), path);
  } finally {
    await rm(beside, { recursive: true, force: true });
  }
  return path;
}

/** Builds `cometbft` in `folder`, from a copy of the source: Go lets nobody replace a file of its own store. */
async function buildCorrected(version: CometbftVersion, folder: string): Promise<void> {
  const source = join(folder, "source");
  await cp(goModuleFolder(`${MODULE}@${version}`), source, { recursive: true });
  await makeWritable(source);
  const file = join(source, CORRECTION.file);
  const [before, after, ...more] = (await readFile(file, "utf8")).split(CORRECTION.released);
  if (after === undefined || more.length > 0) throw new Error(`${CORRECTION.file} of ${version} is another than the one to be corrected`);
  await rm(file);
  await writeFile(file, before + CORRECTION.corrected + after);
  // Without -buildvcs=false it would say that it is this repository's.
  runGo(["build", "-trimpath", "-buildvcs=false", "-o", join(folder, "cometbft"), "./cmd/cometbft"], { cwd: source });
}

/** The folders of Go's store are read-only, and so are their copies. */
async function makeWritable(folder: string): Promise<void> {
  const folders = (await readdir(folder, { recursive: true, withFileTypes: true })).filter((entry) => entry.isDirectory());
  for (const path of [folder, ...folders.map(({ parentPath, name }) => join(parentPath, name))]) await chmod(path, 0o700);
}
