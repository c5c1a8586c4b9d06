import { access, readFile, rename, writeFile } from "node:fs/promises";
import type { Genesis } from "@galen/ledger/app/genesis";
import type { CryptoProvider } from "@galen/ledger/crypto/provider";
import type { CometSettings } from "../settings.ts";
import { configToml } from "./config-toml.ts";
import { type CometKey, freshValidatorStateJson, genesisJson, nodeKeyJson, validatorKeyJson } from "./documents.ts";
import { type CometHome, makeCometHome } from "./home.ts";

export interface HomeOptions {
  readonly home: CometHome;
  readonly genesis: Genesis;
  readonly settings: CometSettings;
  readonly validatorKey: CometKey;
  readonly nodeKey: CometKey;
  readonly crypto: CryptoProvider;
}

/**
 * Writes what CometBFT reads at its start. All of it follows from the node's own files and settings, except the record of the key's last vote,
 * which is CometBFT's and is only made when there is none. Throws Error when a new record would stand beside a chain that has one.
 */
export async function prepareHome({ home, genesis, settings, validatorKey, nodeKey, crypto }: HomeOptions): Promise<void> {
  await makeCometHome(home);
  await writeSecret(home.config, configToml(home, settings));
  await writeSecret(home.genesis, genesisJson(genesis, crypto));
  await writeSecret(home.nodeKey, nodeKeyJson(nodeKey));
  await writeSecret(home.validatorKey, validatorKeyJson(validatorKey, crypto.sha256));
  await prepareVoteRecord(home);
}

/** Makes the record for a key that never voted. It is renamed into its place: one that was cut short would be taken for a damaged one. */
async function prepareVoteRecord({ validatorState, blocks }: CometHome): Promise<void> {
  if (await isThere(validatorState)) return;
  if (await isThere(blocks))
    throw new Error(
      `the file ${validatorState} is missing beside blocks on which its key may have voted: with a new one it could vote twice; put the newest copy back, or replace the key`,
    );
  const unfinished = `${validatorState}.part`;
  await writeFile(unfinished, freshValidatorStateJson(), { mode: 0o600, flush: true });
  await rename(unfinished, validatorState);
}

/** Height of the last vote that CometBFT gave with the key of this home; 0 without one. Throws Error on a record that cannot be read. */
export async function lastVoteHeight(home: CometHome): Promise<number> {
  const text = await readFile(home.validatorState, "utf8").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return freshValidatorStateJson();
    throw error;
  });
  const height = heightOfVote(text);
  if (height === undefined)
    throw new Error(`the file ${home.validatorState} is damaged: with it the key could vote twice; restore the newest copy`);
  return height;
}

/** The height in CometBFT's record of a last vote; undefined when the text is none. CometBFT takes any JSON, and a height that is not there for 0. */
export function heightOfVote(text: string): number | undefined {
  try {
    const { height, round, step } = { ...(JSON.parse(text) as Record<"height" | "round" | "step", unknown> | null) };
    const isVote = typeof height === "string" && /^[0-9]{1,15}$/.test(height) && Number.isInteger(round) && Number.isInteger(step);
    return isVote ? Number(height) : undefined;
  } catch {
    return undefined; // refused by the caller
  }
}

function writeSecret(path: string, text: string): Promise<void> {
  return writeFile(path, text, { mode: 0o600 });
}

async function isThere(path: string): Promise<boolean> {
  try {
    await access(path);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
    return false;
  }
}
