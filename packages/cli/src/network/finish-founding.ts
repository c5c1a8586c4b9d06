import { nativeCrypto } from "@galen/node/crypto/native";
import { createClient } from "@galen/sdk/client/client";
import type { OwnAccount } from "@galen/sdk/transactions/own-account";
import { actorOf, isTownWallet, readPinned, type Session, unlockWallet } from "../session.ts";
import { ensureCollectiveKey } from "../start/collective-key.ts";
import { isFounded, markFounded } from "../start/founded-mark.ts";
import { foundTown, makeTownKeys, type Report } from "../town/found-town.ts";
import type { NetworkFolder } from "./network-folder.ts";

/** A transaction holds no more signatures; as many decide in an alliance of 22. */
const MAX_APPROVALS = 15;

/** What is left to do when the nodes run for the first time: the custodians' ceremony, and the sample town. True when it was done now. */
export async function finishFounding(network: NetworkFolder, url: string, report: Report): Promise<boolean> {
  if (await isFounded(network.wallet)) return false;
  const wallet = await unlockWallet(network.wallet);
  const trust = (await readPinned(network.wallet))!;
  const session: Session = { wallet, client: createClient({ url, trust, crypto: nativeCrypto }) };
  const founders = await foundersOf(session, network);
  const makeCollectiveKey = () => ensureCollectiveKey(session.client, decidingPart(founders));
  if (await isTownWallet(network.wallet)) {
    await makeTownKeys(wallet);
    await foundTown(session, { founders, makeCollectiveKey, report });
  } else await makeCollectiveKey();
  await markFounded(network.wallet, trust.chainId);
  return true;
}

function foundersOf(session: Session, { nodes }: NetworkFolder): Promise<readonly OwnAccount[]> {
  return Promise.all(nodes.map(({ card }) => actorOf(session, card.content.name)));
}

/** As many founders as a decision needs, more than two thirds. */
function decidingPart(founders: readonly OwnAccount[]): readonly OwnAccount[] {
  return founders.slice(0, Math.min(MAX_APPROVALS, Math.floor((2 * founders.length) / 3) + 1));
}
