import { join } from "node:path";
import { writeFileDurably } from "@galen/node/keys/durable-file";
import { readIfThere } from "@galen/node/keys/secret-file";

const MARK = "founded";

/** Whether nothing of the founding is left to do for the owner of this wallet. */
export async function isFounded(walletFolder: string): Promise<boolean> {
  return (await readIfThere(join(walletFolder, MARK))) !== undefined;
}

/** Says so in the wallet's folder; `note` is for people. */
export function markFounded(walletFolder: string, note: string): Promise<void> {
  return writeFileDurably(join(walletFolder, MARK), Buffer.from(`${note}\n`));
}
