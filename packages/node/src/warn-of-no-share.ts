import type { Custodian } from "@galen/custody/custodian/custodian";
import type { Ledger } from "@galen/ledger/app/ledger";
import { keys } from "@galen/ledger/modules/custody/state";
import type { Logger } from "./logger.ts";

/**
 * Says after the start that this node's custodian has nothing to open documents with, once it has looked for its share on the ledger. One that joined waits for the next
 * resharing; but one whose file was lost would otherwise tell only readers, one by one.
 */
export async function warnOfNoShare(node: {
  readonly ledger: Pick<Ledger, "read">;
  readonly custodian: Pick<Custodian, "holding" | "settled">;
  readonly logger: Pick<Logger, "warn">;
}): Promise<void> {
  await node.custodian.settled();
  const keySet = keys.get(node.ledger.read(), "release");
  if (keySet === undefined || node.custodian.holding !== undefined) return;
  node.logger.warn(
    { epoch: keySet.epoch, threshold: keySet.threshold },
    "this node's custodian holds no share of the collective key: readers get none from it; if it held one, stop the node and put keys/custodian.json and keys/custodian-state.json back, else the next resharing that names it brings one (galen governance propose custodians)",
  );
}
