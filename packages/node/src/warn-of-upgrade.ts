import type { Engine } from "@galen/engines/engine";
import type { Ledger } from "@galen/ledger/app/ledger";
import { upgrade } from "@galen/ledger/app/upgrades";
import { ledgerVersions } from "@galen/ledger/modules/index";
import type { Logger } from "./logger.ts";

/**
 * Says once, for every plan of the alliance, that this release lacks the version that is to take over: the node will end before that block, and whoever runs it has
 * until then. Returns the way to stop listening.
 */
export function warnOfUpgrade(options: {
  readonly engine: Pick<Engine, "subscribe">;
  readonly ledger: Pick<Ledger, "read">;
  readonly logger: Pick<Logger, "warn">;
}): () => void {
  let told = "";
  function look(): void {
    const planned = upgrade.get(options.ledger.read(), "planned");
    const plan = planned ? `${planned.height} ${planned.version}` : "";
    if (plan === told) return;
    told = plan;
    if (planned && planned.version > ledgerVersions.at(-1)!.number)
      options.logger.warn(
        { ...planned },
        "the network goes over to a ledger version that this release does not know; install one that does before this block",
      );
  }
  look();
  return options.engine.subscribe(look);
}
