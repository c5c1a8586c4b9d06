import { join } from "node:path";
import type { Genesis } from "@galen/ledger/app/genesis";
import { errors } from "./errors.ts";
import { readIfThere } from "./keys/secret-file.ts";

/** The genesis document of a folder with a network; makes nothing. Throws Refusal node/NoNetwork. */
export async function storedGenesis(folder: string): Promise<Genesis> {
  const text = await readIfThere(join(folder, "genesis.json"));
  if (text === undefined) throw errors.NoNetwork({ folder });
  return JSON.parse(text) as Genesis;
}
