import { readdir, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { syncFolder } from "../../sync-folder.ts";
import type { CometHome } from "./home.ts";
import { endLeftover } from "./leftover.ts";

/** CometBFT's databases and the log of its consensus. Nothing else: beside them lies the record of the key's last vote, without which it could vote twice. */
const OF_THE_CHAIN = /^(.+\.db|cs\.wal)$/;

/**
 * Deletes what CometBFT has stored of its chain, durably, once a CometBFT that an earlier process left has ended. Broken off, it is to be called again: what
 * is left is of no use to CometBFT.
 */
export async function forgetChain(home: CometHome): Promise<void> {
  await endLeftover(home);
  const data = dirname(home.validatorState);
  for (const name of (await readdir(data)).filter((one) => OF_THE_CHAIN.test(one))) await rm(join(data, name), { recursive: true });
  await syncFolder(data);
}
