import { access, constants, readdir } from "node:fs/promises";
import { delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";
import { errors } from "../errors.ts";

/** Where `npm run setup:cometbft` builds it, a folder for each release. */
const BUILT = fileURLToPath(new URL("../../../../.cometbft", import.meta.url));
const PROGRAM = "cometbft";

/** Path of the CometBFT program: the one that the setting names, the oldest that was built here, or the one on the path. Throws Refusal cli/NoCometbft. */
export async function findCometbft(environment: NodeJS.ProcessEnv): Promise<string> {
  const named = environment.GALEN_COMETBFT_BINARY;
  if (named !== undefined) return named;
  const releases = (await readdir(BUILT).catch(() => [])).filter((name) => /^v\d+\.\d+\.\d+-corrected$/.test(name)).toSorted();
  const folders = [...releases.map((release) => join(BUILT, release)), ...(environment.PATH ?? "").split(delimiter)];
  for (const folder of folders) {
    const path = join(folder, PROGRAM);
    if (folder !== "" && (await isExecutable(path))) return path;
  }
  throw errors.NoCometbft();
}

async function isExecutable(path: string): Promise<boolean> {
  try {
    await access(path, constants.X_OK);
    return true;
  } catch {
    return false; // not there, or not to be run
  }
}
