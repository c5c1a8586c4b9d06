import { join } from "node:path";
import type { Genesis } from "@galen/ledger/app/genesis";
import { readIfThere } from "./keys/secret-file.ts";

/** The genesis document of a folder with a network; makes nothing. Throws Error with a sentence when the folder holds none. */
export async function storedGenesis(folder: string): Promise<Genesis> {
  const text = await readIfThere(join(folder, "genesis.json"));
  if (text === undefined) throw new Error(`${folder} holds no network; name the data folder of a node, or a backup that was finished`);
  return JSON.parse(text) as Genesis;
}
